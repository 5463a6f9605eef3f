package dev.musa.benchmarks.load;

/**
 * How fast is sent.
 *
 * @param itemsPerSecond 0: as fast as answers come (closed loop); else the next request is sent
 *     when its time has come, whether or not others have been answered, as long as there are free
 *     slots (open loop)
 * @param channels HTTP/2 connections
 * @param concurrency most calls under way
 */
public record Pace(double itemsPerSecond, int channels, int concurrency) {
  public Pace {
    if (!(itemsPerSecond >= 0) || itemsPerSecond == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "itemsPerSecond: " + itemsPerSecond + " (expected: 0 or more)");
    }
    if (channels < 1 || concurrency < channels) {
      throw new IllegalArgumentException(
          "concurrency: "
              + concurrency
              + " with "
              + channels
              + " channels (expected: at least one call per channel)");
    }
  }

  boolean isClosedLoop() {
    return itemsPerSecond == 0;
  }
}
