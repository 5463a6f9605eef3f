package dev.musa.processors.streams;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.schemas.ledger.LedgerRecords;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The producer of a stream thread, which tells the thread's {@link UnitOfWork} how each transaction
 * ended. Streams calls it on that thread only.
 */
final class SettlingProducer implements Producer<byte[], byte[]> {
  private static final Logger log = LoggerFactory.getLogger(SettlingProducer.class);

  private final Producer<byte[], byte[]> kafka;
  private final Transactions transactions;
  private final Backlog backlog;
  private final String ledger;
  private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();

  /** A commit was asked for and not answered: only Kafka knows whether it holds. */
  private boolean commitUnanswered;

  /**
   * @param ledger the topic of the ledger
   */
  SettlingProducer(
      Producer<byte[], byte[]> kafka, Transactions transactions, Backlog backlog, String ledger) {
    this.kafka = kafka;
    this.transactions = transactions;
    this.backlog = backlog;
    this.ledger = ledger;
  }

  @Override
  public void commitTransaction() {
    try {
      kafka.commitTransaction();
    } catch (TimeoutException | InterruptException e) {
      commitUnanswered = true;
      throw e;
    }
    commitUnanswered = false;
    transactions.current().committed();
    backlog.committed(offsets);
    offsets.clear();
  }

  @Override
  public void abortTransaction() {
    try {
      kafka.abortTransaction();
    } finally {
      settleUncommitted();
    }
  }

  /** Closed within a transaction, it leaves the abort to Kafka. */
  @Override
  public void close() {
    try {
      kafka.close();
    } finally {
      settleUncommitted();
    }
  }

  @Override
  public void close(Duration timeout) {
    try {
      kafka.close(timeout);
    } finally {
      settleUncommitted();
    }
  }

  private void settleUncommitted() {
    UnitOfWork work = transactions.current();
    if (commitUnanswered) {
      long items = work.inDoubt();
      if (items > 0) {
        log.atWarn()
            .addKeyValue("items", items)
            .log("Kafka did not answer a commit; its items are not in the counters if it holds");
      }
    } else {
      work.aborted();
    }
    commitUnanswered = false;
    offsets.clear();
  }

  @Override
  public void sendOffsetsToTransaction(
      Map<TopicPartition, OffsetAndMetadata> consumed, ConsumerGroupMetadata group) {
    LedgerRecords.send(kafka, ledger, transactions.current().takeEntries(consumed));
    kafka.sendOffsetsToTransaction(consumed, group);
    offsets.putAll(consumed);
  }

  @Override
  public void initTransactions() {
    kafka.initTransactions();
  }

  @Override
  public void beginTransaction() {
    kafka.beginTransaction();
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
    return kafka.send(record);
  }

  @Override
  public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
    return kafka.send(record, callback);
  }

  @Override
  public void flush() {
    kafka.flush();
  }

  @Override
  public List<PartitionInfo> partitionsFor(String topic) {
    return kafka.partitionsFor(topic);
  }

  @Override
  public Map<MetricName, ? extends Metric> metrics() {
    return kafka.metrics();
  }

  @Override
  public Uuid clientInstanceId(Duration timeout) {
    return kafka.clientInstanceId(timeout);
  }

  @Override
  public void registerMetricForSubscription(KafkaMetric metric) {
    kafka.registerMetricForSubscription(metric);
  }

  @Override
  public void unregisterMetricFromSubscription(KafkaMetric metric) {
    kafka.unregisterMetricFromSubscription(metric);
  }
}
