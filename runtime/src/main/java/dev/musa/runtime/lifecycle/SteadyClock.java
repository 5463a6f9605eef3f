package dev.musa.runtime.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Shows what another clock showed at the beginning, and from then on what has passed since: for
 * waits and deadlines, which a clock that is set forward or back must not shorten or lengthen.
 */
public final class SteadyClock implements InstantSource {
  private final Instant begin;
  private final LongSupplier nanoClock;
  private final long beginNanos;

  private SteadyClock(Instant begin, LongSupplier nanoClock) {
    this.begin = begin;
    this.nanoClock = nanoClock;
    this.beginNanos = nanoClock.getAsLong();
  }

  /** Begins now. */
  public static SteadyClock from(InstantSource clock) {
    return from(clock, System::nanoTime);
  }

  /** As {@link #from(InstantSource)}, with another measure of what has passed. */
  static SteadyClock from(InstantSource clock, LongSupplier nanoClock) {
    return new SteadyClock(clock.instant(), nanoClock);
  }

  @Override
  public Instant instant() {
    return begin.plus(Duration.ofNanos(nanoClock.getAsLong() - beginNanos));
  }
}
