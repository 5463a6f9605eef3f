package dev.musa.app.node;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Time;

/** Tells Kafka the time by a clock of ours; how long something takes it measures as ever. */
final class ClockTime implements Time {
  private final InstantSource clock;

  ClockTime(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public long milliseconds() {
    return clock.millis();
  }

  @Override
  public long nanoseconds() {
    return System.nanoTime();
  }

  @Override
  public void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException _) {
      // As Kafka's own does.
      Thread.currentThread().interrupt();
    }
  }

  /** The deadline is one of {@link #milliseconds()}. */
  @Override
  public void waitObject(Object monitor, Supplier<Boolean> condition, long deadlineMillis)
      throws InterruptedException {
    synchronized (monitor) {
      while (!condition.get()) {
        long left = deadlineMillis - milliseconds();
        if (left <= 0) {
          throw new TimeoutException("the condition was not met in time");
        }
        monitor.wait(left);
      }
    }
  }
}
