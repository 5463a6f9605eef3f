package dev.musa.app.replay;

import dev.musa.app.config.ConfigOptions;
import dev.musa.app.config.MusaConfig;
import dev.musa.app.ledger.Times;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code musa replay}. */
@Command(
    name = "replay",
    description =
        "Send what the processed topics still hold of some time to one sink once more. The same"
            + " times again go on where it was stopped.",
    sortOptions = false)
public final class ReplayCommand implements Callable<Integer> {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final Duration BETWEEN_PROGRESS = Duration.ofSeconds(2);
  private static final int STOPPED = 1;

  @Mixin private final ConfigOptions options = new ConfigOptions();

  @Option(
      names = "--sink",
      paramLabel = "NAME",
      required = true,
      description = "The sink that is to deliver it.")
  private String sink = "";

  @Option(
      names = "--since",
      paramLabel = "TIME",
      required = true,
      description =
          "From then on: a time such as 2026-01-31T08:00:00Z, or so long ago, such as 2h.")
  private String since = "";

  @Option(names = "--until", paramLabel = "TIME", description = "Until then (default: now).")
  private @Nullable String until;

  @Option(names = "--tenant", paramLabel = "NAME", description = "Of this tenant only.")
  private @Nullable String tenant;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "At most so many items per second (default: as fast as it goes).")
  private long rate = Long.MAX_VALUE;

  @Option(
      names = "--from-the-beginning",
      description = "Forget how far the same replay came before.")
  private boolean fromTheBeginning;

  private final Output output;
  private final Function<Duration, StopSignal> signals;
  private final BiFunction<MusaConfig, Signal, List<String>> sinksOf;

  /**
   * @param sinksOf the names of the sinks that take a signal
   */
  public ReplayCommand(
      Output output,
      Function<Duration, StopSignal> signals,
      BiFunction<MusaConfig, Signal, List<String>> sinksOf) {
    this.output = output;
    this.signals = signals;
    this.sinksOf = sinksOf;
  }

  @Override
  public Integer call() {
    MusaConfig config = options.read();
    Replay.Order order = order(config, Instant.now());
    KafkaConfig kafka = config.kafkaInUse();
    StopSignal stop = signals.apply(STOP_LIMIT);
    int code = STOPPED;
    try (Replay replay =
        Replay.begin(
            kafka,
            config.topicNames(),
            order,
            KafkaConfig.requestBytes(config.maxRecordBytes()),
            fromTheBeginning)) {
      code = run(replay, order, stop);
      return code;
    } catch (KafkaException e) {
      throw new StartupException(
          "Kafka refused, and the replay stands where its last step ended: " + e.getMessage(), e);
    } finally {
      stop.finished(code);
    }
  }

  private Replay.Order order(MusaConfig config, Instant now) {
    Instant begin = Times.ago(since, now).truncatedTo(ChronoUnit.MILLIS);
    Instant end = (until == null ? now : Times.ago(until, now)).truncatedTo(ChronoUnit.MILLIS);
    if (!begin.isBefore(end)) {
      throw new StartupException(
          "--since is %s and --until is %s (expected: the one before the other)"
              .formatted(begin, end));
    }
    if (rate < 1) {
      throw new StartupException("--rate is " + rate + " (expected: at least 1)");
    }
    List<Signal> taken = new ArrayList<>();
    List<String> known = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      List<String> names = sinksOf.apply(config, signal);
      if (names.contains(sink)) {
        taken.add(signal);
      }
      names.stream().filter(name -> !known.contains(name)).forEach(known::add);
    }
    if (taken.isEmpty()) {
      throw new StartupException(
          "--sink is '%s' (expected: one that the configuration has: %s)"
              .formatted(sink, String.join(", ", known)));
    }
    return new Replay.Order(sink, taken, begin, end, tenant);
  }

  private int run(Replay replay, Replay.Order order, StopSignal stop) {
    output.say(
        "replaying to %s what is from %s to %s%s"
            .formatted(
                order.sink(),
                order.since(),
                order.until(),
                replay.resumed() == 0
                    ? ""
                    : "; %,d offsets were done before".formatted(replay.resumed())));
    long begun = System.nanoTime();
    long told = begun;
    long records = 0;
    long items = 0;
    while (!stop.isRequested()) {
      Replay.Step step = replay.step();
      records += step.records();
      items += step.items();
      if (step.last()) {
        output.say("done: %,d records with %,d items".formatted(records, items));
        return 0;
      }
      if (System.nanoTime() - told >= BETWEEN_PROGRESS.toNanos()) {
        told = System.nanoTime();
        output.complain(
            "%,d items, %d %% of the offsets"
                .formatted(items, 100 - 100 * replay.left() / Math.max(1, replay.toRead())));
      }
      stop.await(ahead(items, begun));
    }
    output.say(
        "stopped after %,d records with %,d items; it goes on with: musa replay --sink %s --since %s --until %s%s"
            .formatted(
                records,
                items,
                order.sink(),
                order.since(),
                order.until(),
                order.tenant() == null ? "" : " --tenant " + order.tenant()));
    return STOPPED;
  }

  /** How long to wait so that the rate is kept. */
  private Duration ahead(long items, long begunNanos) {
    double due = (double) items / rate * 1e9;
    return Duration.ofNanos(Math.max(0, (long) due - (System.nanoTime() - begunNanos)));
  }
}
