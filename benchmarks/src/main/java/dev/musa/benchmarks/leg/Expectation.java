package dev.musa.benchmarks.leg;

import java.time.Duration;

/**
 * What has to come out.
 *
 * @param kind of the check
 * @param sampledShare of the spans that no certain policy keeps
 * @param decisionWait how long spans wait for the decision on their trace
 */
public record Expectation(Kind kind, double sampledShare, Duration decisionWait) {

  /** What is known about the rules. */
  public enum Kind {
    /** Everything comes out. */
    ALL,
    /** The bench's own sampling: errors, slow traces and a share of the rest. */
    SAMPLED,
    /** The rules are the user's, so only more than everything would be wrong. */
    UNKNOWN
  }

  public static Expectation all() {
    return new Expectation(Kind.ALL, 1, Duration.ZERO);
  }

  public static Expectation sampled(double share, Duration wait) {
    return new Expectation(Kind.SAMPLED, share, wait);
  }

  public static Expectation unknown(Duration wait) {
    return new Expectation(Kind.UNKNOWN, 1, wait);
  }
}
