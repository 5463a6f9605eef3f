package dev.musa.benchmarks;

import dev.musa.app.terminal.Output;
import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.MusaSubject;
import dev.musa.benchmarks.leg.Ports;
import dev.musa.benchmarks.leg.Reporter;
import dev.musa.benchmarks.leg.Setup;
import dev.musa.benchmarks.leg.SinkKind;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Traffic;
import dev.musa.benchmarks.process.Machine;
import dev.musa.benchmarks.process.MusaJvm;
import dev.musa.benchmarks.process.Profiler;
import dev.musa.benchmarks.process.Watched;
import dev.musa.benchmarks.report.BenchResult;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.Sweep;
import dev.musa.benchmarks.report.Table;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
  private static final Duration USUAL = Duration.ofSeconds(60);
  private static final Duration POINT = Duration.ofSeconds(20);
  private static final Duration CHECK_DURATION = Duration.ofSeconds(6);
  private static final Duration CHECK_WAIT = Duration.ofSeconds(1);
  private static final double CHECK_RATE = 4_000;

  @Option(
      names = "--legs",
      paramLabel = "NAME",
      split = ",",
      description = "intake, drain, line, several with commas (default: line).")
  List<Leg> legs = List.of();

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description =
          "How long is measured; for drain, how long the backlog is filled"
              + " (default: 60s, 20s for each point of a sweep).")
  @Nullable Duration duration;

  @Option(
      names = "--backlog",
      paramLabel = "ITEMS",
      defaultValue = "0",
      description = "What drain begins with (default: what comes in within --duration).")
  long backlog;

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

  @Option(
      names = "--profile",
      paramLabel = "DIR",
      description =
          "Write flame graphs of each part here: CPU in the first half, allocation in the second.")
  @Nullable Path profile;

  @Option(
      names = "--check",
      description =
          "Only see that all counts are right: all signals through all parts, with sampling, for"
              + " some seconds. What is sent and how is fixed.")
  boolean check;

  @Mixin private final LoadOptions load = new LoadOptions();
  @Mixin private final PartOptions parts = new PartOptions();
  @Mixin private final PeerOptions peer = new PeerOptions();
  @Mixin private final SweepOptions sweep = new SweepOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Output output;

  BenchCommand(Output output) {
    this.output = output;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    if (check) {
      makeSmall();
    }
    Dimension dimension = sweep.dimension;
    if (dimension != null) {
      checkSweep(dimension);
    }
    if (parts.allInOne && legs().contains(Leg.DRAIN)) {
      throw new StartupException(
          "--all-in-one with --legs "
              + legs()
              + " (expected: intake or line, as one process cannot fill a backlog first)");
    }
    peer.check();
    if (load.traffic == Traffic.MIXED && peer.intake != null) {
      throw new StartupException(
          "--signal mixed with --peer-intake (expected: one signal, as the peer has one topic)");
    }
    MusaJvm jvm = check ? MusaJvm.ofScript().small() : MusaJvm.ofScript();
    Pool pool = load.pool();
    String started = Instant.now().toString();
    try (Workshop workshop =
        Workshop.open(
            parts.data,
            parts.keepData,
            Ports.choose(peer.kafkaPort(parts.kafkaPort), peer.backendPort(parts.backendPort)))) {
      Setup setup = setup(jvm, workshop);
      List<LegResult> results = new ArrayList<>();
      BenchResult none =
          new BenchResult(
              started,
              spec.commandLine().getParseResult().originalArgs(),
              Machine.current(jvm),
              new BenchResult.Sent(load.payload, pool.meanItems(), pool.bytesPerItem()),
              List.of(),
              List.of(),
              List.of());
      // At once, and after each leg again: what follows may fail, hours later.
      write(none);
      Consumer<LegResult> shown =
          leg -> {
            results.add(leg);
            write(none.with(results, List.of(), List.of()));
            Table.of(leg).forEach(output::say);
          };
      Conditions conditions = conditions(pool, workshop);
      if (dimension != null) {
        Sweep swept =
            sweep(dimension, new Sweeper(workshop, setup, conditions, load, backlog, shown));
        write(none.with(results, List.of(), List.of(swept)));
      } else {
        Comparison comparison =
            new Comparison(new Runner(workshop, setup, backlog), setup, peer, shown);
        for (Leg leg : legs()) {
          comparison.run(leg, conditions);
        }
        comparison.lines().forEach(output::say);
        write(none.with(results, comparison.ratios(), List.of()));
      }
      if (!check) {
        output.say("figures: " + result);
      }
      return results.stream().allMatch(BenchCommand::isRight) ? 0 : 1;
    }
  }

  private void write(BenchResult figures) {
    if (check) {
      return;
    }
    try {
      figures.write(result);
    } catch (IOException e) {
      throw new StartupException("--result " + result + " cannot be written: " + e, e);
    }
  }

  private void checkSweep(Dimension dimension) {
    Leg leg = legs.isEmpty() ? dimension.leg() : legs.getFirst();
    if (legs.size() > 1 || (dimension == Dimension.TENANTS && leg != Leg.DRAIN)) {
      throw new StartupException(
          "--sweep %s with --legs %s (expected: one leg%s)"
              .formatted(
                  dimension.label(), legs, dimension == Dimension.TENANTS ? ", the drain" : ""));
    }
    if (peer.rounds > 1 || peer.isGiven()) {
      throw new StartupException(
          "--sweep with --rounds, --target or --peer-* (expected: MUSA alone, each value once)");
    }
    if (dimension.hasRules() && (parts.sampling != null || parts.rules != null)) {
      throw new StartupException(
          "--sweep %s with --sampling or --rules (expected: neither, as it has rules of its own)"
              .formatted(dimension.label()));
    }
    if (dimension == Dimension.PODS && leg == Leg.INTAKE) {
      throw new StartupException(
          "--sweep pods with --legs intake (expected: line or drain, as the processors join)");
    }
    if (dimension == Dimension.PODS && (load.traffic != Traffic.TRACES || load.recording != null)) {
      throw new StartupException(
          "--sweep pods with --signal or --recording (expected: spans of a payload, whose pods the"
              + " bench knows)");
    }
    if (parts.allInOne && leg == Leg.DRAIN) {
      throw new StartupException(
          "--all-in-one with a sweep of the drain (expected: separate processes, as one process"
              + " cannot fill a backlog first)");
    }
  }

  /** All signals through all parts, with sampling, for some seconds. */
  private void makeSmall() {
    legs = List.of(Leg.LINE);
    load.traffic = Traffic.MIXED;
    load.rate = new Rate(CHECK_RATE);
    parts.sampling = CHECK_WAIT;
    duration = CHECK_DURATION;
    warmUp = Duration.ZERO;
  }

  private Sweep sweep(Dimension dimension, Sweeper sweeper)
      throws InterruptedException, IOException {
    Leg leg = legs.isEmpty() ? dimension.leg() : legs.getFirst();
    Sweep swept = sweeper.run(dimension, leg, sweep.values(dimension));
    Path file = sweep.plotFile(dimension);
    Files.writeString(file, Sweeper.plot(swept));
    Table.of(swept).forEach(output::say);
    output.say("plot: " + file);
    return swept;
  }

  private List<Leg> legs() {
    return legs.isEmpty() ? List.of(Leg.LINE) : legs;
  }

  /** What another collector loses is shown, but not ours to mend. */
  private static boolean isRight(LegResult result) {
    return result.problems().isEmpty() || !result.subject().equals(MusaSubject.NAME);
  }

  private Setup setup(MusaJvm jvm, Workshop workshop) {
    return new Setup(
        jvm,
        workshop.directory(),
        workshop.ports(),
        parts.partitions,
        parts.ruleDirectory(workshop.directory()),
        parts.sink,
        parts.allInOne,
        true,
        parts.config,
        null);
  }

  private Conditions conditions(Pool pool, Workshop workshop) {
    return new Conditions(
        pool,
        load.traffic,
        load.pace(),
        warmUp,
        duration != null ? duration : sweep.dimension == null ? USUAL : POINT,
        parts.expectation(),
        parts.sink == SinkKind.OTLP ? workshop.backend() : null,
        List.of(workshop.backendProcess(), Watched.self("bench load")),
        new Reporter(output),
        profile == null ? null : new Profiler(profile));
  }
}
