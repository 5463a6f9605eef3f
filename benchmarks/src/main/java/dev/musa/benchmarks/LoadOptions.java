package dev.musa.benchmarks;

import dev.musa.benchmarks.load.Pace;
import dev.musa.benchmarks.payload.Payload;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Recordings;
import dev.musa.benchmarks.payload.Traffic;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is sent, and how fast. */
final class LoadOptions {
  private static final long SEED = 4;

  @Option(
      names = "--signal",
      paramLabel = "NAME",
      defaultValue = "traces",
      description = "traces, logs, metrics or mixed (default: ${DEFAULT-VALUE}).")
  Traffic traffic = Traffic.TRACES;

  @Option(
      names = "--payload",
      paramLabel = "NAME|FILE",
      defaultValue = "default",
      description = "default, spread, small, large or a YAML file (default: ${DEFAULT-VALUE}).")
  String payload = "default";

  @Option(
      names = "--recording",
      paramLabel = "FILE",
      description = "Send what was recorded, not a payload.")
  @Nullable Path recording;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      defaultValue = "max",
      converter = Rate.Converter.class,
      description = "Items per second, such as 50k/s, or max (default: ${DEFAULT-VALUE}).")
  Rate rate = new Rate(0);

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "4",
      description = "HTTP/2 connections (default: ${DEFAULT-VALUE}).")
  int connections = 4;

  @Option(
      names = "--concurrency",
      paramLabel = "N",
      description = "Most calls under way (default: 32 at the maximum, 512 at a rate).")
  @Nullable Integer concurrency;

  @Option(
      names = "--spread",
      paramLabel = "N",
      description = "Strew the spans of a trace over N requests.")
  @Nullable Integer spread;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Make other requests than usual; the same seed makes the same.")
  long seed = SEED;

  Pool pool() {
    return recording != null
        ? Recordings.read(recording, traffic)
        : Pool.of(payload(), traffic, seed);
  }

  Payload payload() {
    Payload chosen = Payload.named(payload);
    return spread == null ? chosen : chosen.withTraces(chosen.traces().withSpread(spread));
  }

  Pace pace() {
    return paceOf(rate.itemsPerSecond());
  }

  /** The pace at another rate; 0 is the maximum. */
  Pace paceOf(double itemsPerSecond) {
    int calls =
        concurrency != null ? concurrency : Math.max(connections, itemsPerSecond == 0 ? 32 : 512);
    return new Pace(itemsPerSecond, connections, calls);
  }
}
