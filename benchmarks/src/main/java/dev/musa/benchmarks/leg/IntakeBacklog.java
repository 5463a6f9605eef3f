package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.load.LoadGenerator;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.Map;

/** Fills Kafka by the subject's own intake, for some time or up to some items. */
public final class IntakeBacklog implements Backlog {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
      FillProgress progress = new FillProgress();
      load.start();
      conditions
          .reporter()
          .until(
              () -> {
                subject.check();
                progress.look(load.counts());
                return isFull(load, begin, conditions.duration());
              },
              () ->
                  "drain %s: filling, %,d items"
                      .formatted(subject.name(), load.counts().acknowledged()));
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

  /** Ends a filling that does not go on. */
  private static final class FillProgress {
    private long acknowledged;
    private long movedNanos = System.nanoTime();

    void look(LoadCounts now) {
      if (now.acknowledged() > acknowledged) {
        acknowledged = now.acknowledged();
        movedNanos = System.nanoTime();
      } else if (System.nanoTime() - movedNanos > PATIENCE.toNanos()) {
        throw new StartupException(
            "the backlog does not grow beyond %,d items; calls that failed since the start, by status: %s (expected: some are acknowledged within %d s; is the disk full?)"
                .formatted(acknowledged, now.failures(), PATIENCE.toSeconds()));
      }
    }
  }
}
