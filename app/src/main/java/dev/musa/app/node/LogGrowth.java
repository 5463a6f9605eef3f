package dev.musa.app.node;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How fast the log grows, retention taken off, over the last two minutes: long enough to hold
 * several rounds of retention. Not thread-safe.
 */
final class LogGrowth {
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** Before that a burst would look like a trend. */
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private record Sample(long nanos, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  /** The log holds that many bytes now; to be called about every second. */
  void add(long nanos, long bytes) {
    samples.addLast(new Sample(nanos, bytes));
    while (nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** Negative if it shrinks, 0 if nothing can be said yet. */
  double bytesPerSecond() {
    if (samples.isEmpty()) {
      return 0;
    }
    Sample first = samples.getFirst();
    Sample last = samples.getLast();
    long nanos = last.nanos() - first.nanos();
    return nanos < LEAST_NANOS
        ? 0
        : (double) (last.bytes() - first.bytes()) * TimeUnit.SECONDS.toNanos(1) / nanos;
  }
}
