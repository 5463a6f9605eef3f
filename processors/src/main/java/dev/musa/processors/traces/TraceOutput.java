package dev.musa.processors.traces;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Where the path sends what it makes of a raw record: all in one transaction. */
interface TraceOutput {

  /** Spans that go on, to the partition that they came from. */
  void processed(ConsumerRecord<byte[], byte[]> from, RecordHeaders headers, byte[] spans);

  /**
   * What cannot be processed.
   *
   * @param headers what the record says of itself, null if that cannot be read
   */
  void deadLetter(
      ConsumerRecord<byte[], byte[]> from,
      DeadLetterHeaders why,
      @Nullable RecordHeaders headers,
      byte @Nullable [] value);

  /** What the open transaction counts. */
  UnitOfWork work();
}
