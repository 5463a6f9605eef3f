package dev.musa.processors;

import dev.musa.processors.enrich.EnrichConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Configuration of the processors.
 *
 * @param instance unique among the processes of an installation; empty: the ordinal of a
 *     StatefulSet's pod, else one that is kept in {@code stateDir}
 * @param stateDir of this process alone; small, but to be kept across restarts
 * @param threads for logs and metrics
 * @param commitInterval how often results become visible to readers
 * @param limitKeys most keys that one limit tells apart before it forgets some
 * @param kubernetes how telemetry is joined to the pods that sent it
 */
public record ProcessorsConfig(
    String instance,
    Path stateDir,
    int threads,
    Duration commitInterval,
    int limitKeys,
    EnrichConfig kubernetes) {
  private static final Duration SHORTEST_COMMIT_INTERVAL = Duration.ofMillis(10);
  private static final Duration LONGEST_COMMIT_INTERVAL = Duration.ofSeconds(5);

  public ProcessorsConfig {
    atLeastOne("threads", threads);
    atLeastOne("limitKeys", limitKeys);
    if (commitInterval.compareTo(SHORTEST_COMMIT_INTERVAL) < 0
        || commitInterval.compareTo(LONGEST_COMMIT_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "commitInterval: " + commitInterval.toMillis() + "ms (expected: 10ms to 5s)");
    }
  }

  public static ProcessorsConfig defaults() {
    return new ProcessorsConfig(
        "",
        Path.of("data", "processors"),
        1,
        Duration.ofMillis(150),
        100_000,
        EnrichConfig.defaults());
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: at least 1)");
    }
  }
}
