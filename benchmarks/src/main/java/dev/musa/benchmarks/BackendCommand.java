package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import dev.musa.benchmarks.backend.Backend;
import dev.musa.benchmarks.backend.BackendStats;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code musa bench backend}. */
@Command(
    name = "backend",
    description = "Take OTLP, count it and discard it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BackendCommand implements Callable<Integer> {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
  private static final Duration LINE = Duration.ofSeconds(10);

  @Option(
      names = "--grpc-port",
      paramLabel = "PORT",
      defaultValue = "34317",
      description = "OTLP/gRPC (default: ${DEFAULT-VALUE}).")
  int grpcPort;

  @Option(
      names = "--http-port",
      paramLabel = "PORT",
      defaultValue = "34318",
      description =
          "OTLP/HTTP, and GET /stats, POST /reset, /window/begin, /window/end (default: ${DEFAULT-VALUE}).")
  int httpPort;

  private final Output output;

  BackendCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() {
    StopSignal stop = StopSignal.ofProcess(STOP_LIMIT);
    try (Backend backend = new Backend(grpcPort, httpPort)) {
      output.say(
          "backend: gRPC 127.0.0.1:%d, HTTP http://127.0.0.1:%d"
              .formatted(backend.grpcPort(), backend.httpPort()));
      while (!stop.await(LINE)) {
        output.say(line(backend.stats()));
      }
      output.say(line(backend.stats()));
    } finally {
      stop.finished(0);
    }
    return 0;
  }

  private static String line(BackendStats stats) {
    StringBuilder line = new StringBuilder("received:");
    for (Signal signal : Signal.values()) {
      line.append(" %s %,d".formatted(signal.label(), stats.of(signal).items()));
    }
    return line.toString();
  }
}
