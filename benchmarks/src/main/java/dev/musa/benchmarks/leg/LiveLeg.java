package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.backend.BackendClient;
import dev.musa.benchmarks.load.Latency;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.load.LoadGenerator;
import dev.musa.benchmarks.process.Meter;
import dev.musa.benchmarks.process.Profiler;
import dev.musa.benchmarks.process.Usage;
import dev.musa.benchmarks.process.Watched;
import dev.musa.benchmarks.report.Figures;
import dev.musa.benchmarks.report.LegResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** A leg that is measured while requests come in: the intake alone, or the whole line. */
public final class LiveLeg {
  /** A rate that is this close to the wanted one counts as it. */
  private static final double REACHED = 0.99;

  private final Subject subject;
  private final Conditions conditions;
  private final boolean wholeLine;
  private final long seed;

  /**
   * @param wholeLine whether what drains Kafka runs too
   * @param seed another one than that of any other run on the same Kafka
   */
  public LiveLeg(Subject subject, Conditions conditions, boolean wholeLine, long seed) {
    this.subject = subject;
    this.conditions = conditions;
    this.wholeLine = wholeLine;
    this.seed = seed;
  }

  private String name() {
    return wholeLine ? "line" : "intake";
  }

  public LegResult run() throws InterruptedException {
    BackendClient backend = wholeLine ? conditions.backend() : null;
    if (backend != null) {
      backend.reset();
    }
    List<Watched> watched = new ArrayList<>(subject.prepare());
    watched.addAll(subject.startIntake());
    if (wholeLine) {
      watched.addAll(subject.startDrain());
    }
    watched.addAll(conditions.bystanders());
    try (LoadGenerator load =
        new LoadGenerator(subject.target(), conditions.pool(), conditions.pace(), seed)) {
      load.start();
      show("warm-up", load, conditions.warmUp());
      Lag lag = Lag.of(wholeLine ? subject.bootstrapServers() : null, subject, conditions);
      if (backend != null) {
        backend.beginWindow();
      }
      load.beginWindow();
      LoadCounts before = load.counts();
      Meter meter = Meter.start(watched);
      showMeasured(load, watched);
      Meter.Reading reading = meter.read();
      LoadCounts inWindow = load.counts().minus(before);
      Latency call = Latency.ofMicros(load.takeLatency());
      if (backend != null) {
        backend.endWindow();
      }
      List<String> notes = new ArrayList<>(lag.notes(inWindow.acknowledged()));
      notes.addAll(slowness(inWindow.acknowledged() / reading.seconds()));
      List<Usage> usages = reading.per(Math.max(1, inWindow.acknowledged()));
      boolean ended = load.stop(Duration.ofSeconds(60));
      Figures figures =
          new Figures("measured window", reading.seconds(), inWindow.acknowledged(), usages);
      return new Aftermath(subject, conditions, backend)
          .result(name(), List.of(figures), call, load.counts(), ended)
          .noting(notes);
    }
  }

  /** What a reader has to know if the wanted rate was not reached. */
  private List<String> slowness(double itemsPerSecond) {
    double wanted = conditions.pace().itemsPerSecond();
    return itemsPerSecond >= REACHED * wanted
        ? List.of()
        : List.of(
            "%,.0f items/s were acknowledged, and not the wanted %,.0f"
                .formatted(itemsPerSecond, wanted));
  }

  private void showMeasured(LoadGenerator load, List<Watched> watched) throws InterruptedException {
    Profiler profiler = conditions.profiler();
    if (profiler == null) {
      show("measured", load, conditions.duration());
      return;
    }
    Duration half = conditions.duration().dividedBy(2);
    Profiler.Session session = profiler.start(name(), watched);
    show("CPU profile", load, half);
    session.toAllocation();
    show("allocation profile", load, half);
    session.stop();
  }

  private void show(String phase, LoadGenerator load, Duration time) throws InterruptedException {
    LoadCounts first = load.counts();
    long begin = System.nanoTime();
    Supplier<String> line =
        () -> {
          LoadCounts now = load.counts().minus(first);
          double seconds = (System.nanoTime() - begin) / 1e9;
          return "%s %s, %s: %,.0f s, %,.0f items/s acknowledged%s"
              .formatted(
                  name(),
                  subject.name(),
                  phase,
                  seconds,
                  now.acknowledged() / seconds,
                  now.failures().isEmpty() ? "" : ", failed calls: " + now.failures());
        };
    conditions
        .reporter()
        .until(
            () -> {
              subject.check();
              return System.nanoTime() - begin >= time.toNanos();
            },
            line);
  }
}
