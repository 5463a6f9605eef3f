package dev.musa.processors.sampling;

/**
 * What one partition's sampler may hold.
 *
 * @param rememberMillis how long late spans find their trace's decision
 * @param maxWaiting waiting traces, beyond which the oldest is decided early
 * @param maxRemembered decided traces, beyond which the oldest that pass two has passed go early
 */
public record SamplerLimits(long rememberMillis, int maxWaiting, int maxRemembered) {
  /** What {@code maxWaiting} may be at most. */
  public static final int MOST_WAITING = WaitingTraces.CAPACITY;

  public SamplerLimits {
    if (rememberMillis < 0) {
      throw new IllegalArgumentException("rememberMillis: " + rememberMillis + " (expected: >= 0)");
    }
    if (maxWaiting < 1 || maxWaiting > MOST_WAITING) {
      throw new IllegalArgumentException(
          "maxWaiting: " + maxWaiting + " (expected: 1 to " + MOST_WAITING + ")");
    }
    if (maxRemembered < 1) {
      throw new IllegalArgumentException("maxRemembered: " + maxRemembered + " (expected: >= 1)");
    }
  }
}
