package dev.musa.runtime.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: the n-th wait is a random one between nothing and {@code
 * initial * 2^n}, at most {@code max}. Drawing from the whole range, not around its end, spreads
 * clients that failed together best.
 *
 * <p>As thread-safe as its random generator; without state of its own.
 */
public final class Backoff {

  private final long initialNanos;
  private final long maxNanos;
  private final RandomGenerator random;

  /**
   * @throws IllegalArgumentException unless {@code 0 < initial <= max}
   */
  public Backoff(Duration initial, Duration max, RandomGenerator random) {
    if (initial.isNegative() || initial.isZero()) {
      throw new IllegalArgumentException("initial is " + initial + " (expected: more than 0)");
    }
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "max is " + max + " (expected: at least initial, " + initial + ")");
    }
    this.initialNanos = initial.toNanos();
    this.maxNanos = max.toNanos();
    this.random = random;
  }

  /**
   * How long to wait before the next try.
   *
   * @param attempt how many retries there were so far: 0 before the first
   */
  public Duration next(int attempt) {
    return Duration.ofNanos(random.nextLong(ceilingNanos(attempt)));
  }

  private long ceilingNanos(int attempt) {
    if (attempt < 0) {
      throw new IllegalArgumentException("attempt is " + attempt + " (expected: 0 or more)");
    }
    // Compared by shifting max down: shifting initial up could overflow.
    return attempt >= Long.SIZE - 1 || initialNanos > maxNanos >> attempt
        ? maxNanos
        : initialNanos << attempt;
  }
}
