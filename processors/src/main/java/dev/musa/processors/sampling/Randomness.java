package dev.musa.processors.sampling;

/**
 * Consistent probability sampling as W3C Trace Context level 2 and OpenTelemetry define it: the
 * rightmost 56 bits of the trace id are its random value R, and a trace is kept if R is not below
 * the rejection threshold. Every sampler in the world that follows this keeps the same traces.
 */
public record Randomness(long threshold) {
  private static final long VALUES = 1L << 56;

  /** Keeps every trace. */
  public static final Randomness ALWAYS = new Randomness(0);

  /** A threshold that keeps this share of the traces. */
  public static Randomness ofProbability(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException("probability: " + probability + " (expected: 0 to 1)");
    }
    return new Randomness(Math.round((1 - probability) * VALUES));
  }

  boolean keeps(long traceIdLow) {
    return (traceIdLow & (VALUES - 1)) >= threshold;
  }
}
