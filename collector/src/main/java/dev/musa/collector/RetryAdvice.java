package dev.musa.collector;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * After what time a refused client should come back: between half and one and a half times the
 * configured delay, so that clients refused together do not return together.
 */
final class RetryAdvice {
  private final long delayMillis;
  private final Supplier<? extends RandomGenerator> random;

  RetryAdvice(Duration delay, Supplier<? extends RandomGenerator> random) {
    this.delayMillis = delay.toMillis();
    this.random = random;
  }

  Duration next() {
    return Duration.ofMillis(delayMillis / 2 + random.get().nextLong(delayMillis + 1));
  }

  /** As whole seconds, rounded up: a Retry-After header knows no fractions. */
  long nextSeconds() {
    return Math.max(1, next().plusMillis(999).toSeconds());
  }
}
