package dev.musa.runtime.kafka;

import org.apache.kafka.common.TopicPartition;

/** Is told of records that were deleted before a reader came to them. */
public interface ExpiredListener {

  /**
   * Offsets from {@code from} (inclusive) to {@code to} (exclusive) are gone. They may be more than
   * the records were: offsets also count what transactions leave behind.
   */
  void expired(TopicPartition partition, long from, long to);
}
