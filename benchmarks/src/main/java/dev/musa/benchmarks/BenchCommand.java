package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.Ports;
import dev.musa.benchmarks.leg.Reporter;
import dev.musa.benchmarks.leg.Setup;
import dev.musa.benchmarks.leg.SinkKind;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.process.Machine;
import dev.musa.benchmarks.process.MusaJvm;
import dev.musa.benchmarks.process.Watched;
import dev.musa.benchmarks.report.BenchResult;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.Table;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code musa bench}. */
@Command(
    name = "bench",
    description = "Measure what MUSA's parts cost, on this machine, with this payload.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--legs",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "line",
      description = "intake, drain, line, several with commas (default: ${DEFAULT-VALUE}).")
  List<Leg> legs = List.of(Leg.LINE);

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "How long is measured; for drain, how long the backlog is filled"
              + " (default: ${DEFAULT-VALUE}).")
  Duration duration = Duration.ofSeconds(60);

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "20s",
      description = "How long is sent before (default: ${DEFAULT-VALUE}).")
  Duration warmUp = Duration.ofSeconds(20);

  @Option(
      names = "--result",
      paramLabel = "FILE",
      defaultValue = "bench-result.json",
      description = "Where the figures go as JSON (default: ${DEFAULT-VALUE}).")
  Path result = Path.of("bench-result.json");

  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final PartOptions parts = new PartOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Output output;

  BenchCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (parts.allInOne && !legs.equals(List.of(Leg.LINE))) {
      throw new StartupException(
          "--all-in-one with --legs " + legs + " (expected: --legs line, as one process does all)");
    }
    MusaJvm jvm = MusaJvm.ofScript();
    Pool pool = load.pool();
    Instant started = Instant.now();
    List<LegResult> results = new ArrayList<>();
    try (Workshop workshop =
        Workshop.open(
            parts.data, parts.keepData, Ports.choose(parts.kafkaPort, parts.backendPort))) {
      Setup setup =
          new Setup(
              jvm,
              workshop.directory(),
              workshop.ports(),
              parts.partitions,
              parts.ruleDirectory(workshop.directory()),
              parts.sink,
              parts.allInOne,
              parts.config);
      Runner runner = new Runner(workshop, setup);
      for (Leg leg : legs) {
        LegResult shown = runner.musa(leg, conditions(pool, workshop));
        Table.of(shown).forEach(output::say);
        results.add(shown);
      }
    }
    new BenchResult(
            started.toString(),
            spec.commandLine().getParseResult().originalArgs(),
            Machine.current(jvm),
            new BenchResult.Sent(load.payload, pool.meanItems(), pool.bytesPerItem()),
            results,
            List.of(),
            List.of())
        .write(result);
    output.say("figures: " + result);
    return results.stream().allMatch(each -> each.problems().isEmpty()) ? 0 : 1;
  }

  private Conditions conditions(Pool pool, Workshop workshop) {
    return new Conditions(
        pool,
        load.traffic,
        load.pace(),
        warmUp,
        duration,
        parts.expectation(),
        parts.sink == SinkKind.OTLP ? workshop.backend() : null,
        List.of(workshop.backendProcess(), Watched.self("bench load")),
        new Reporter(output));
  }
}
