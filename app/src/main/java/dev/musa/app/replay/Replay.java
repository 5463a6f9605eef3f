package dev.musa.app.replay;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.RedriveHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Copies processed records of some time to the redrive topics, for one sink. What is copied and how
 * far it came is one transaction, so that it goes on where it stopped, and copies nothing twice.
 */
final class Replay implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final Order order;
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private final Set<TopicPartition> unread = new HashSet<>();
  private long resumed;
  private long toRead;

  /**
   * What is to be sent.
   *
   * @param tenant only of this one; null for all
   */
  record Order(
      String sink, List<Signal> signals, Instant since, Instant until, @Nullable String tenant) {
    Order {
      signals = List.copyOf(signals);
    }

    boolean isOf(long unixMilli) {
      return unixMilli >= since.toEpochMilli() && unixMilli <= until.toEpochMilli();
    }

    /** The consumer group that keeps how far it came. */
    String group(Topics topics) {
      return "%s-replay-%s-%d-%d%s"
          .formatted(
              topics.prefix(),
              sink,
              since.toEpochMilli(),
              until.toEpochMilli(),
              tenant == null ? "" : "-" + tenant);
    }
  }

  /** What one step has copied. */
  record Step(long records, long items, boolean last) {}

  private Replay(
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      Topics topics,
      Order order) {
    this.consumer = consumer;
    this.producer = producer;
    this.topics = topics;
    this.order = order;
  }

  /**
   * @param fromTheBeginning whether to forget how far an earlier run of the same order came
   */
  static Replay begin(
      KafkaConfig kafka,
      Topics topics,
      Order order,
      int maxRequestBytes,
      boolean fromTheBeginning) {
    String group = order.group(topics);
    Map<String, Object> reading = kafka.consumerProperties("musa-replay", group);
    reading.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
    Map<String, Object> writing = new HashMap<>(kafka.producerProperties("musa-replay"));
    writing.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
    writing.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    writing.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
    Replay replay =
        new Replay(new KafkaConsumer<>(reading), new KafkaProducer<>(writing), topics, order);
    boolean begun = false;
    try {
      replay.producer.initTransactions();
      replay.seek(fromTheBeginning);
      begun = true;
      return replay;
    } finally {
      if (!begun) {
        replay.close();
      }
    }
  }

  private void seek(boolean fromTheBeginning) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (Signal signal : order.signals()) {
      String topic = topics.processed(signal);
      List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER);
      if (found != null) {
        found.forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
      }
    }
    consumer.assign(partitions);
    Map<TopicPartition, Long> visible = consumer.endOffsets(partitions, ANSWER);
    Map<TopicPartition, OffsetAndTimestamp> starts = at(partitions, order.since());
    Map<TopicPartition, OffsetAndMetadata> done =
        fromTheBeginning ? Map.of() : consumer.committed(Set.copyOf(partitions), ANSWER);
    for (TopicPartition partition : partitions) {
      long visibleEnd = visible.getOrDefault(partition, 0L);
      OffsetAndTimestamp start = starts.get(partition);
      long first = start == null ? visibleEnd : start.offset();
      // Where a clock was set back, older records lie behind younger ones.
      long end = Math.max(first, visibleEnd);
      OffsetAndMetadata before = done.get(partition);
      long from = before == null ? first : Math.clamp(before.offset(), first, end);
      resumed += from - first;
      toRead += end - from;
      ends.put(partition, end);
      consumer.seek(partition, from);
      if (from < end) {
        unread.add(partition);
      }
    }
  }

  private Map<TopicPartition, OffsetAndTimestamp> at(
      List<TopicPartition> partitions, Instant time) {
    Map<TopicPartition, Long> times = new LinkedHashMap<>();
    partitions.forEach(p -> times.put(p, time.toEpochMilli()));
    return consumer.offsetsForTimes(times, ANSWER);
  }

  /** Offsets that an earlier run has copied already. */
  long resumed() {
    return resumed;
  }

  /** Offsets that were left at the beginning of this run. */
  long toRead() {
    return toRead;
  }

  /** Offsets that are left now. */
  long left() {
    long left = 0;
    for (TopicPartition partition : unread) {
      left += ends.getOrDefault(partition, 0L) - consumer.position(partition, ANSWER);
    }
    return Math.max(0, left);
  }

  /** Copies some. */
  Step step() {
    if (unread.isEmpty()) {
      return new Step(0, 0, true);
    }
    consumer.pause(consumer.assignment());
    consumer.resume(unread);
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    long copied = 0;
    long items = 0;
    producer.beginTransaction();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.offset() < ends.getOrDefault(partitionOf(record), 0L)) {
        int of = copy(record);
        copied += of < 0 ? 0 : 1;
        items += Math.max(0, of);
      }
    }
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    for (TopicPartition partition : unread) {
      long end = ends.getOrDefault(partition, 0L);
      long position = Math.min(consumer.position(partition, ANSWER), end);
      positions.put(partition, new OffsetAndMetadata(position));
    }
    producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
    producer.commitTransaction();
    positions.forEach((partition, position) -> {
      if (position.offset() >= ends.getOrDefault(partition, 0L)) {
        unread.remove(partition);
      }
    });
    return new Step(copied, items, unread.isEmpty());
  }

  /** How many items it held, or -1 if it was not meant. */
  private int copy(ConsumerRecord<byte[], byte[]> record) {
    RecordHeaders headers;
    try {
      headers = RecordHeaders.read(record.headers());
    } catch (BadHeadersException _) {
      // No sink takes it; it went to the dead letters.
      return -1;
    }
    if (record.value() == null
        || !order.isOf(record.timestamp())
        || (order.tenant() != null && !order.tenant().equals(headers.tenant()))) {
      return -1;
    }
    Headers again = new org.apache.kafka.common.header.internals.RecordHeaders();
    for (Header header : record.headers()) {
      again.add(header);
    }
    new RedriveHeaders(order.sink(), RedriveHeaders.Cause.REPLAY).writeTo(again);
    var _ =
        producer.send(
            new ProducerRecord<>(
                topics.redrive(signal(record.topic())),
                record.partition(),
                record.key(),
                record.value(),
                again));
    return headers.items();
  }

  private Signal signal(String topic) {
    for (Signal signal : order.signals()) {
      if (topics.processed(signal).equals(topic)) {
        return signal;
      }
    }
    throw new IllegalStateException("topic " + topic + " was not assigned");
  }

  private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
    return new TopicPartition(Objects.requireNonNull(record.topic()), record.partition());
  }

  @Override
  public void close() {
    consumer.close();
    producer.close();
  }
}
