package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.Expectation;
import dev.musa.benchmarks.leg.LiveLeg;
import dev.musa.benchmarks.leg.Ports;
import dev.musa.benchmarks.leg.Reporter;
import dev.musa.benchmarks.leg.TargetSubject;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.process.Watched;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.Table;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code musa bench load}. */
@Command(
    name = "load",
    description = "Only send to an endpoint, which something else has started.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class LoadCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "HOST:PORT",
      description = "Where OTLP/gRPC is taken (default: 127.0.0.1:4317).")
  @Nullable String target;

  @Option(
      names = "--ceiling",
      description = "Send to a backend of the bench's own: the most that the generator can send.")
  boolean ceiling;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30s",
      description = "How long is measured (default: ${DEFAULT-VALUE}).")
  Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long is sent before (default: ${DEFAULT-VALUE}).")
  Duration warmUp = Duration.ofSeconds(10);

  @Option(
      names = "--pid",
      paramLabel = "NAME=PID",
      description = "Measure this process too; can be repeated.")
  Map<String, Long> pids = Map.of();

  @Mixin private final LoadOptions load = new LoadOptions();

  private final Output output;

  LoadCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (ceiling && target != null) {
      throw new StartupException(
          "--ceiling and " + target + " are given (expected: one of the two)");
    }
    Pool pool = load.pool();
    if (!ceiling) {
      return run(pool, target == null ? "127.0.0.1:4317" : target, null, List.of());
    }
    try (Workshop workshop = Workshop.open(null, false, Ports.choose(0, 0))) {
      return run(
          pool,
          "127.0.0.1:" + workshop.ports().backendGrpc(),
          workshop.backend(),
          List.of(workshop.backendProcess()));
    }
  }

  private int run(
      Pool pool, String where, @Nullable BackendClient backend, List<Watched> backendProcess)
      throws InterruptedException {
    List<Watched> bystanders = new ArrayList<>(backendProcess);
    bystanders.add(Watched.self("bench load"));
    Conditions conditions =
        new Conditions(
            pool,
            load.traffic,
            load.pace(),
            warmUp,
            duration,
            Expectation.all(),
            backend,
            bystanders,
            new Reporter(output),
            null);
    TargetSubject subject = new TargetSubject(ceiling ? "the generator alone" : where, where, pids);
    LegResult result = new LiveLeg(subject, conditions, backend != null, System.nanoTime()).run();
    Table.of(result).forEach(output::say);
    return result.problems().isEmpty() ? 0 : 1;
  }
}
