package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.load.LoadGenerator;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.Map;

/** Fills Kafka by the subject's own intake, for some time or up to some items. */
public final class IntakeBacklog implements Backlog {
  private final long items;
  private final long seed;
  private LoadCounts counts = new LoadCounts(Map.of(), Map.of(), 0, 0);

  /**
   * @param items after which it ends; 0: after the duration of the leg
   */
  public IntakeBacklog(long items, long seed) {
    this.items = items;
    this.seed = seed;
  }

  @Override
  public Duration fill(Subject subject, Conditions conditions) throws InterruptedException {
    var _ = subject.startIntake();
    try (LoadGenerator load =
        new LoadGenerator(subject.target(), conditions.pool(), conditions.pace(), seed)) {
      long begin = System.nanoTime();
      load.start();
      conditions
          .reporter()
          .until(
              () -> isFull(load, begin, conditions.duration()),
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
      subject.stopIntake();
      return took;
    }
  }

  private boolean isFull(LoadGenerator load, long begin, Duration duration) {
    return items == 0
        ? System.nanoTime() - begin >= duration.toNanos()
        : load.counts().acknowledged() >= items;
  }

  @Override
  public LoadCounts counts() {
    return counts;
  }
}
