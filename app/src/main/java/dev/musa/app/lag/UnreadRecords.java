package dev.musa.app.lag;

import dev.musa.runtime.kafka.KafkaConfig;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Looks at the first committed record behind given offsets. For one thread. */
final class UnreadRecords implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Of each partition the first record alone counts; a larger one comes all the same. */
  private static final int FETCH_BYTES = 16 << 10;

  private final Consumer<byte[], byte[]> consumer;

  private UnreadRecords(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  static UnreadRecords connect(KafkaConfig kafka, String clientId) {
    Map<String, Object> properties = kafka.consumerProperties(clientId, clientId);
    // What has expired meanwhile is not there to be read.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    return new UnreadRecords(new KafkaConsumer<>(properties));
  }

  List<TopicPartition> partitionsOf(String topic) {
    return consumer.partitionsFor(topic, ANSWER).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  /**
   * The timestamps of the first records from these offsets on. Partitions with nothing but markers
   * of transactions there are missing.
   *
   * @param ends behind which there is nothing to read
   * @throws TimeoutException if one does not come within ten seconds
   */
  Map<TopicPartition, Long> firstTimestamps(
      Map<TopicPartition, Long> offsets, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> first = new HashMap<>();
    Set<TopicPartition> open = new HashSet<>(offsets.keySet());
    consumer.assign(open);
    offsets.forEach(consumer::seek);
    long deadline = System.nanoTime() + ANSWER.toNanos();
    while (!open.isEmpty() && System.nanoTime() - deadline < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        first.putIfAbsent(
            new TopicPartition(record.topic(), record.partition()), record.timestamp());
      }
      open.removeIf(partition ->
          first.containsKey(partition)
              || consumer.position(partition, ANSWER) >= ends.getOrDefault(partition, 0L));
      consumer.assign(open);
    }
    if (!open.isEmpty()) {
      throw new TimeoutException("no record within " + ANSWER.toSeconds() + " s of " + open);
    }
    return first;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
