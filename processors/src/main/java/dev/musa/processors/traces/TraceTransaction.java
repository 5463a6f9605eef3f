package dev.musa.processors.traces;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.LedgerRecords;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The open transaction: what pass two has written, what was decided, and up to which offsets; all
 * of it holds or none.
 */
final class TraceTransaction implements TraceOutput, PartitionTraces.DecisionOutput, AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(5);
  private static final int COMMIT_ATTEMPTS = 3;

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final UnitOfWork work;
  private boolean open;

  TraceTransaction(
      Producer<byte[], byte[]> producer, Topics topics, UnitOfWork.CountSink counters) {
    this.producer = producer;
    this.topics = topics;
    this.work = new UnitOfWork(counters);
  }

  /** Ends what an earlier owner of the transactional id has left open, and fences it. */
  void start() {
    producer.initTransactions();
  }

  @Override
  public void processed(ConsumerRecord<byte[], byte[]> from, RecordHeaders headers, byte[] spans) {
    Headers written = newHeaders();
    headers.writeTo(written);
    send(topics.processed(Signal.TRACES), from.partition(), from.timestamp(), spans, written);
  }

  @Override
  public void deadLetter(
      ConsumerRecord<byte[], byte[]> from,
      DeadLetterHeaders why,
      @Nullable RecordHeaders headers,
      byte @Nullable [] value) {
    Headers written = newHeaders();
    from.headers().forEach(written::add);
    if (headers != null) {
      written.remove(RecordHeaders.ITEMS);
      written.add(RecordHeaders.ITEMS, Integer.toString(headers.items()).getBytes(UTF_8));
    }
    why.writeTo(written);
    send(topics.deadLetter(), null, from.timestamp(), value, written);
  }

  @Override
  public void decisions(TopicPartition rawPartition, long decidedAt, byte[] batch) {
    send(topics.decisions(), rawPartition.partition(), decidedAt, batch, newHeaders());
  }

  @Override
  public UnitOfWork work() {
    return work;
  }

  boolean isOpen() {
    return open;
  }

  /**
   * Commits with the offsets up to which all is done. A broker that does not answer is asked again:
   * the same commit, so nothing can double.
   */
  void commit(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata member) {
    begin();
    LedgerRecords.send(producer, topics.ledger(), work.takeEntries(offsets));
    producer.sendOffsetsToTransaction(offsets, member);
    for (int attempt = 1; ; attempt++) {
      try {
        producer.commitTransaction();
        break;
      } catch (TimeoutException e) {
        if (attempt == COMMIT_ATTEMPTS) {
          open = false;
          work.inDoubt();
          throw e;
        }
      }
    }
    open = false;
    work.committed();
  }

  /** As if nothing since the last commit had happened. */
  void abort() {
    work.aborted();
    if (open) {
      open = false;
      producer.abortTransaction();
    }
  }

  @Override
  public void close() {
    work.aborted();
    producer.close(CLOSE);
  }

  private void send(
      String topic,
      @Nullable Integer partition,
      long timestamp,
      byte @Nullable [] value,
      Headers headers) {
    begin();
    // An error shows at the commit, which then fails.
    var _ = producer.send(new ProducerRecord<>(topic, partition, timestamp, null, value, headers));
  }

  private void begin() {
    if (!open) {
      producer.beginTransaction();
      open = true;
    }
  }

  private static Headers newHeaders() {
    return new org.apache.kafka.common.header.internals.RecordHeaders();
  }
}
