package dev.musa.app.ledger;

import dev.musa.app.topics.TopicReading;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.MalformedLedgerException;
import dev.musa.schemas.ledger.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/** Reads the ledger's topics into a {@link LedgerBook}. For one thread, but for {@link #wakeup}. */
final class LedgerReader implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final LedgerBook book = new LedgerBook();
  private long unreadable;
  private String firstUnreadable = "";
  private List<TopicPartition> partitions = List.of();

  LedgerReader(Consumer<byte[], byte[]> consumer, Topics topics) {
    this.consumer = consumer;
    this.topics = topics;
  }

  static LedgerReader connect(KafkaConfig kafka, Topics topics, String clientId) {
    Map<String, Object> properties = kafka.consumerProperties(clientId, clientId);
    return new LedgerReader(new KafkaConsumer<>(properties), topics);
  }

  LedgerBook book() {
    return book;
  }

  /** Takes the last snapshot and all that came after it; {@link #follow} goes on from there. */
  void readAll() {
    readSnapshots();
    partitions = TopicReading.partitionsOf(consumer, topics.ledger());
    consumer.assign(partitions);
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, ANSWER);
    for (TopicPartition partition : partitions) {
      long from = book.position(partition.partition());
      consumer.seek(partition, Math.max(from, begins.getOrDefault(partition, 0L)));
    }
    catchUp();
  }

  /** Takes what was written from a time on, and nothing of before. */
  void readSince(Instant since) {
    partitions = TopicReading.partitionsOf(consumer, topics.ledger());
    consumer.assign(partitions);
    Map<TopicPartition, Long> times =
        partitions.stream().collect(Collectors.toMap(p -> p, _ -> since.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times, ANSWER);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = found.get(partition);
      consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
    }
    catchUp();
  }

  /** Takes what is there up to now; it may come a little later, with the end of a transaction. */
  void catchUp() {
    TopicReading.readTo(consumer, consumer.endOffsets(partitions, ANSWER), this::take);
  }

  /** Waits for more, and takes it; false if there was none. */
  boolean follow(Duration wait) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
    records.forEach(this::take);
    return !records.isEmpty();
  }

  /** Ends a call of {@link #follow} on another thread. */
  void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void readSnapshots() {
    List<TopicPartition> snapshots = TopicReading.partitionsOf(consumer, topics.ledgerSnapshot());
    consumer.assign(snapshots);
    consumer.seekToBeginning(snapshots);
    Map<SnapshotKey, byte[]> last = new HashMap<>();
    TopicReading.readTo(
        consumer,
        consumer.endOffsets(snapshots, ANSWER),
        record -> {
          SnapshotKey key = SnapshotKey.parse(record.key());
          if (key != null && record.value() != null) {
            last.put(key, record.value());
          }
        });
    last.forEach((key, value) -> {
      Snapshot snapshot = LedgerCodec.readSnapshot(value);
      book.restoreAccounts(key.partition(), snapshot);
      if (key.account().isEmpty()) {
        book.restorePosition(key.partition(), snapshot.position());
      }
    });
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return;
    }
    try {
      book.add(
          record.partition(),
          record.offset(),
          LedgerCodec.readEntry(record.value()),
          record.timestamp());
    } catch (MalformedLedgerException e) {
      // Without the others nobody would know anything any more.
      book.skip(record.partition(), record.offset());
      unreadable++;
      String where = record.topic() + "-" + record.partition() + " at " + record.offset();
      firstUnreadable = firstUnreadable.isEmpty() ? where + ": " + e.getMessage() : firstUnreadable;
    }
  }

  /** What has to be said of the sum of the book: what is not in it. */
  List<String> notes() {
    return unreadable == 0
        ? List.of()
        : List.of(
            "%,d records of the ledger cannot be read, the first is %s"
                .formatted(unreadable, firstUnreadable));
  }
}
