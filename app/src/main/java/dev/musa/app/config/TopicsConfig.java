package dev.musa.app.config;

import dev.musa.runtime.config.DataSize;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The topics, created at the start where they are missing.
 *
 * @param prefix of their names and of the consumer groups'
 * @param partitions of each topic with telemetry, fixed once they exist; null: 8 on the embedded
 *     node, 32 otherwise
 * @param retention how long Kafka keeps telemetry; the embedded node has its own, see {@code node}
 * @param maxMessage the largest record batch
 */
public record TopicsConfig(
    String prefix, @Nullable Integer partitions, Duration retention, DataSize maxMessage) {
  static final int ROOM_FOR_HEADERS = 64 << 10;
  private static final long LARGEST_MESSAGE = 1L << 30;
  private static final int MOST_PARTITIONS = 10_000;

  public TopicsConfig {
    if (partitions != null && (partitions < 1 || partitions > MOST_PARTITIONS)) {
      throw new IllegalArgumentException(
          "partitions is " + partitions + " (expected: 1 to " + MOST_PARTITIONS + ")");
    }
    if (maxMessage.bytes() < 2 * ROOM_FOR_HEADERS || maxMessage.bytes() > LARGEST_MESSAGE) {
      throw new IllegalArgumentException(
          "maxMessage is " + maxMessage + " (expected: 128KiB to 1GiB)");
    }
    if (!retention.isPositive()) {
      throw new IllegalArgumentException("retention is " + retention + " (expected: more than 0)");
    }
  }

  public static TopicsConfig defaults() {
    return new TopicsConfig(
        "musa", null, Duration.ofHours(24), new DataSize((1000 << 10) + ROOM_FOR_HEADERS));
  }
}
