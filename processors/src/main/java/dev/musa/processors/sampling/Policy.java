package dev.musa.processors.sampling;

/**
 * One named reason to keep or to lose a trace; its parts are combined by AND.
 *
 * @param onMatch what a match means
 * @param condition the bit that a span has to have set, 0 if the policy asks for none
 * @param longerThanNanos the duration that the trace has to exceed, -1 if the policy asks for none
 * @param randomness what has to hold for the trace id
 */
public record Policy(
    String name, Verdict onMatch, long condition, long longerThanNanos, Randomness randomness) {

  boolean matches(long traceIdLow, long durationNanos, long conditionsSeen) {
    return (conditionsSeen & condition) == condition
        && durationNanos > longerThanNanos
        && randomness.keeps(traceIdLow);
  }
}
