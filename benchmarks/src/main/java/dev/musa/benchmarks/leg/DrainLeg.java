package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.kafka.Cluster;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.process.Meter;
import dev.musa.benchmarks.process.Profiler;
import dev.musa.benchmarks.process.Watched;
import dev.musa.benchmarks.report.Figures;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A leg that begins with a backlog on Kafka: how fast and at what cost it drains once the intake
 * has stopped.
 *
 * <p>Two windows are told: the steady one, without the start of the processes and without the end,
 * where sampling only decides on what it has read before; and the whole, start included.
 */
public final class DrainLeg {
  private static final double STEADY_FROM = 0.4;
  private static final double STEADY_TO = 0.97;
  private static final double ALLOCATION_FROM = 0.7;
  private static final double TOLERATED = 0.05;

  private final Subject subject;
  private final Conditions conditions;
  private final Backlog backlog;

  public DrainLeg(Subject subject, Conditions conditions, Backlog backlog) {
    this.subject = subject;
    this.conditions = conditions;
    this.backlog = backlog;
  }

  public LegResult run() throws InterruptedException {
    List<Watched> watched = new ArrayList<>(subject.prepare());
    BackendClient backend = conditions.backend();
    Duration filled = backlog.fill(subject, conditions);
    LoadCounts load = backlog.counts();
    if (backend != null) {
      backend.reset();
    }
    String bootstrap = subject.bootstrapServers();
    if (bootstrap == null) {
      throw new IllegalStateException("a backlog needs a Kafka");
    }
    watched.addAll(conditions.bystanders());
    try (Cluster cluster = new Cluster(bootstrap)) {
      Run run = new Run(watched, cluster, load, lead(filled));
      Settling settling =
          new Settling(
              subject,
              conditions.traffic(),
              cluster,
              backend,
              Aftermath.quiet(subject, conditions),
              Aftermath.patience(conditions));
      settling.await(run::look);
      return new Aftermath(subject, conditions, backend)
          .result("drain", run.figures(), null, load, true)
          .noting(run.notes());
    }
  }

  /** The share of the backlog that sampling reads ahead of what it decides. */
  private double lead(Duration filled) {
    return (double) conditions.expectation().decisionWait().toNanos() / filled.toNanos();
  }

  /** One drain under way. */
  private final class Run {
    private final long items;
    private final long records;
    private final double steadyTo;
    private final List<Watched> all;
    private final Meter whole;
    private Meter.Reading wholeReading;
    private Settling.@Nullable Progress last;
    private @Nullable Meter steady;
    private Meter.@Nullable Reading steadyReading;
    private Profiler.@Nullable Session profile;
    private boolean profilesAllocation;
    private long steadyFirst;
    private long steadyLast;
    private long deliveredFirst;
    private long deliveredLast;
    private long shown = System.nanoTime();

    Run(List<Watched> running, Cluster cluster, LoadCounts load, double lead)
        throws InterruptedException {
      items = load.acknowledged();
      records = records(cluster);
      steadyTo = STEADY_TO - lead;
      whole = Meter.start(running);
      all = new ArrayList<>(running);
      List<Watched> started = subject.startDrain();
      whole.add(started);
      all.addAll(started);
      wholeReading = whole.read();
    }

    private long records(Cluster cluster) throws InterruptedException {
      long sum = 0;
      for (Signal signal : Signal.values()) {
        sum += conditions.traffic().contains(signal) ? cluster.records(subject.topic(signal)) : 0;
      }
      return sum;
    }

    void look(Settling.Progress progress) {
      if (progress.equals(last)) {
        return;
      }
      last = progress;
      wholeReading = whole.read();
      long done = progress.committed();
      if (steady == null && done >= STEADY_FROM * records) {
        steady = Meter.start(all);
        steadyFirst = done;
        deliveredFirst = progress.delivered();
        Profiler profiler = conditions.profiler();
        if (profiler != null) {
          profile = profiler.start("drain", all);
        }
      } else if (steady != null && done <= steadyTo * records) {
        steadyReading = steady.read();
        steadyLast = done;
        deliveredLast = progress.delivered();
      }
      if (profile != null && !profilesAllocation && done >= ALLOCATION_FROM * records) {
        profilesAllocation = true;
        profile.toAllocation();
      }
      show(done);
    }

    private void show(long done) {
      long now = System.nanoTime();
      if (now - shown > 1_000_000_000L) {
        shown = now;
        conditions
            .reporter()
            .say(
                "drain %s: %,.0f s, %.0f %% of %,d items"
                    .formatted(
                        subject.name(), wholeReading.seconds(), 100.0 * done / records, items));
      }
    }

    List<Figures> figures() {
      if (profile != null) {
        profile.stop();
      }
      List<Figures> figures = new ArrayList<>();
      Meter.Reading reading = steadyReading;
      // A peer commits what it only holds in memory, so its progress cannot be seen.
      if (reading != null && subject.commitsWhatIsDone()) {
        long passed = passed();
        if (passed > 0) {
          figures.add(new Figures("steady", reading.seconds(), passed, reading.per(passed)));
        }
      }
      figures.add(
          new Figures(
              "whole, starts included", wholeReading.seconds(), items, wholeReading.per(items)));
      return figures;
    }

    /** Items in the steady window. */
    private long passed() {
      return Math.round((double) (steadyLast - steadyFirst) / records * items);
    }

    List<String> notes() {
      if (!subject.commitsWhatIsDone()) {
        return List.of();
      }
      if (steadyReading == null || passed() <= 0) {
        return List.of(
            "no steady window, as the start and what sampling reads ahead take up the whole drain:"
                + " choose a larger --backlog");
      }
      long delivered = deliveredLast - deliveredFirst;
      if (conditions.backend() != null
          && conditions.expectation().kind() == Expectation.Kind.ALL
          && Math.abs(delivered - passed()) > TOLERATED * passed()) {
        return List.of(
            "in the steady window %,d items were processed and %,d delivered: what the sinks used per item is off by as much"
                .formatted(passed(), delivered));
      }
      return List.of();
    }
  }
}
