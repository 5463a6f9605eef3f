package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.load.LoadGenerator;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Fills Kafka by the subject's own intake, for some time. */
public final class IntakeBacklog implements Backlog {
  private final long seed;
  private LoadCounts counts = new LoadCounts(Map.of(), Map.of(), 0, 0);

  public IntakeBacklog(long seed) {
    this.seed = seed;
  }

  @Override
  public Duration fill(Subject subject, Conditions conditions) throws InterruptedException {
    var intake = List.copyOf(subject.startIntake());
    try (LoadGenerator load =
        new LoadGenerator(subject.target(), conditions.pool(), conditions.pace(), seed)) {
      long begin = System.nanoTime();
      load.start();
      conditions
          .reporter()
          .during(
              conditions.duration(),
              () -> {
                subject.check();
                return "drain %s: filling, %,d items"
                    .formatted(subject.name(), load.counts().acknowledged());
              });
      if (!load.stop(Duration.ofSeconds(60))) {
        throw new StartupException("the backlog's last calls had no answer within a minute");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      counts = load.counts();
      intake.forEach(watched -> watched.close());
      subject.stopIntake();
      return took;
    }
  }

  @Override
  public LoadCounts counts() {
    return counts;
  }
}
