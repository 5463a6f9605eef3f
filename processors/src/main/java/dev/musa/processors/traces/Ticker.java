package dev.musa.processors.traces;

/** Time that only goes forward, for measuring; not the time of day. */
@FunctionalInterface
interface Ticker {
  long nanos();

  default long millis() {
    return nanos() / 1_000_000;
  }
}
