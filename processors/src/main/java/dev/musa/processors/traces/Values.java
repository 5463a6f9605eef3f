package dev.musa.processors.traces;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Values of raw records. */
final class Values {
  private static final byte[] NOTHING = {};

  private Values() {}

  /** The value; empty, and so without items, if the record has none. */
  static byte[] of(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    return value == null ? NOTHING : value;
  }
}
