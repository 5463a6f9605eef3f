package dev.musa.e2e;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does. */
final class Await {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Await() {}

  /**
   * Returns as soon as the condition holds; fails with what was seen last if it does not in time.
   */
  static void until(String what, Duration within, BooleanSupplier condition, Supplier<?> seen) {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(what + ": not within " + within + "; seen: " + seen.get());
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
