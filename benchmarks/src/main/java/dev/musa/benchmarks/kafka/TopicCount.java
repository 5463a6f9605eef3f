package dev.musa.benchmarks.kafka;

/**
 * What is in a topic.
 *
 * @param bytes of the values, before compression
 * @param joined items whose resource has what only a join with its pod gives
 */
public record TopicCount(long records, long items, long bytes, long joined) {
  public double bytesPerItem() {
    return items == 0 ? 0 : (double) bytes / items;
  }
}
