package dev.musa.benchmarks.kafka;

/**
 * What is in a topic.
 *
 * @param valueBytes before compression
 * @param errors spans with status ERROR
 */
public record TopicCount(long records, long items, long valueBytes, long errors) {
  public double itemsPerRecord() {
    return records == 0 ? 0 : (double) items / records;
  }
}
