package dev.musa.collector;

import java.util.List;

/**
 * A request as it goes to Kafka.
 *
 * @param parts one or more records for each partition that it touches
 * @param rejections the items that are in none of them
 * @param needsPeer whether a resource names no pod and no container, so that only the address of
 *     the sender can say where it comes from
 */
record SplitRequest(List<Part> parts, Rejections rejections, boolean needsPeer) {
  /** The value of one record, and how many items it holds. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Part(int partition, byte[] value, int items) {}

  /** What all parts take together. */
  long bytes() {
    long bytes = 0;
    for (Part part : parts) {
      bytes += part.value().length;
    }
    return bytes;
  }
}
