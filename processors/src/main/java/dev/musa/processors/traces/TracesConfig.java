package dev.musa.processors.traces;

import java.time.Duration;

/**
 * Configuration of the trace loop.
 *
 * @param threads that share the partitions of this process
 * @param commitInterval how often results become visible; longer while commits take long
 * @param rememberDecisions how long late spans find the decision of their trace
 * @param maxWaitingTraces in this process; beyond them the oldest are decided early
 * @param maxRememberedTraces in this process; beyond them the oldest are forgotten early
 */
public record TracesConfig(
    int threads,
    Duration commitInterval,
    Duration rememberDecisions,
    int maxWaitingTraces,
    int maxRememberedTraces) {
  private static final Duration SHORTEST_COMMIT_INTERVAL = Duration.ofMillis(10);
  private static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofSeconds(5);

  public TracesConfig {
    atLeastOne("threads", threads);
    atLeastOne("maxWaitingTraces", maxWaitingTraces);
    atLeastOne("maxRememberedTraces", maxRememberedTraces);
    if (commitInterval.compareTo(SHORTEST_COMMIT_INTERVAL) < 0
        || commitInterval.compareTo(LONGEST_COMMIT_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "commitInterval: " + commitInterval.toMillis() + "ms (expected: 10ms to 5s)");
    }
    if (rememberDecisions.isNegative()) {
      throw new IllegalArgumentException(
          "rememberDecisions: " + rememberDecisions + " (expected: at least 0s)");
    }
  }

  public static TracesConfig defaults() {
    return new TracesConfig(
        1, Duration.ofMillis(150), Duration.ofMinutes(10), 2_000_000, 5_000_000);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
    }
  }
}
