package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.Expectation;
import dev.musa.benchmarks.leg.MusaSubject;
import dev.musa.benchmarks.leg.RuleFiles;
import dev.musa.benchmarks.leg.Setup;
import dev.musa.benchmarks.leg.TenantBacklog;
import dev.musa.benchmarks.load.Pace;
import dev.musa.benchmarks.payload.KnownPods;
import dev.musa.benchmarks.payload.Payload;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.SvgPlot;
import dev.musa.benchmarks.report.Sweep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Runs one leg of MUSA for each value of a dimension. */
final class Sweeper {
  private static final Duration POLICIES_WAIT = Duration.ofSeconds(2);
  private static final int CERTAIN_POLICIES = 3;

  /** Enough for a steady window. */
  private static final long TENANTS_BACKLOG = 3_000_000;

  private final Workshop workshop;
  private final Setup setup;
  private final Conditions conditions;
  private final LoadOptions load;
  private final long backlogItems;
  private final Consumer<LegResult> shown;

  /**
   * @param setup and {@code conditions} of what is not varied
   */
  Sweeper(
      Workshop workshop,
      Setup setup,
      Conditions conditions,
      LoadOptions load,
      long backlogItems,
      Consumer<LegResult> shown) {
    this.backlogItems = backlogItems;
    this.workshop = workshop;
    this.setup = setup;
    this.conditions = conditions;
    this.load = load;
    this.shown = shown;
  }

  Sweep run(Dimension dimension, Leg leg, List<Integer> values) throws InterruptedException {
    List<Sweep.Point> points = new ArrayList<>();
    for (int value : values) {
      LegResult result = point(dimension, leg, value);
      shown.accept(result);
      points.add(new Sweep.Point(at(dimension, value, result), result));
    }
    points.sort(Comparator.comparingDouble(Sweep.Point::value));
    return new Sweep(dimension.label(), dimension.unit(), points);
  }

  /** Where the point stands: at what it came to, which is not always what was asked for. */
  private double at(Dimension dimension, int value, LegResult result) {
    return switch (dimension) {
      case RATE -> result.main().itemsPerSecond();
      case PODS -> KnownPods.of(conditions.pool(), value).number();
      case PARTITIONS, SPAN_SIZE, SPANS_PER_TRACE, RULES, POLICIES, TENANTS -> value;
    };
  }

  private LegResult point(Dimension dimension, Leg leg, int value) throws InterruptedException {
    Path rules = workshop.directory().resolve("rules-" + dimension.label() + "-" + value);
    Payload payload = load.payload();
    return switch (dimension) {
      case RATE -> run(leg, setup, with(load.paceOf(value)));
      case PARTITIONS -> run(leg, setup.withPartitions(value), conditions);
      case SPAN_SIZE ->
          run(leg, setup, with(payload.withTraces(payload.traces().withSpanBytes(value))));
      case SPANS_PER_TRACE ->
          run(
              leg,
              // Nothing but sampling depends on traces.
              setup.withRules(RuleFiles.sampling(rules, POLICIES_WAIT)),
              with(payload.withTraces(payload.traces().withSpansPerTrace(value)))
                  .expecting(Expectation.sampled(RuleFiles.SAMPLED_SHARE, POLICIES_WAIT)));
      case RULES -> run(leg, setup.withRules(SweepRules.steps(rules, value)), conditions);
      case POLICIES ->
          run(
              leg,
              setup.withRules(SweepRules.policies(rules, value, POLICIES_WAIT)),
              conditions.expecting(
                  value < CERTAIN_POLICIES
                      ? Expectation.unknown(POLICIES_WAIT)
                      : Expectation.sampled(RuleFiles.SAMPLED_SHARE, POLICIES_WAIT)));
      case TENANTS ->
          new Runner(workshop, setup, backlogItems)
              .run(
                  Leg.DRAIN,
                  conditions,
                  stage -> new MusaSubject(setup.in(stage.directory()), stage),
                  new TenantBacklog(
                      value,
                      setup.partitions(),
                      backlogItems == 0 ? TENANTS_BACKLOG : backlogItems,
                      System.nanoTime()));
      case PODS -> run(leg, setup.withPods(KnownPods.of(conditions.pool(), value)), conditions);
    };
  }

  private LegResult run(Leg leg, Setup with, Conditions under) throws InterruptedException {
    return new Runner(workshop, with, backlogItems).musa(leg, under);
  }

  private Conditions with(Pace pace) {
    return conditions.with(conditions.pool(), pace);
  }

  private Conditions with(Payload payload) {
    return conditions.with(Pool.of(payload, load.traffic, load.seed), conditions.pace());
  }

  /** CPU per million items of each process of MUSA and of all together. */
  static String plot(Sweep sweep) {
    List<String> names = sweep.processes();
    List<SvgPlot.Series> series = new ArrayList<>();
    series.add(series("all of MUSA", names, sweep));
    if (names.size() > 1) {
      names.forEach(name -> series.add(series(name, List.of(name), sweep)));
    }
    LegResult first = sweep.points().getFirst().result();
    return SvgPlot.draw(
        "CPU per million items by %s (%s, %s)"
            .formatted(sweep.dimension(), first.leg(), first.traffic()),
        sweep.unit() + ", logarithmic",
        "CPU seconds per million items",
        sweep.points().stream().map(Sweep.Point::value).toList(),
        series);
  }

  private static SvgPlot.Series series(String name, List<String> processes, Sweep sweep) {
    return new SvgPlot.Series(
        name,
        sweep.points().stream()
            .map(point -> sweep.comparable(point).cpuSecondsPerMillion(processes))
            .toList());
  }
}
