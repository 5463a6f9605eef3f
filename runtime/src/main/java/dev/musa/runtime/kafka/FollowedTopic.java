package dev.musa.runtime.kafka;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads a topic of one partition from its beginning and follows it, with a consumer that is this
 * object's own.
 */
public final class FollowedTopic implements AutoCloseable {
  private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;

  public FollowedTopic(
      org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    this.partition = new TopicPartition(topic, 0);
  }

  /** Connects with the client settings given. */
  public static FollowedTopic open(Map<String, Object> clientProperties, String topic) {
    Map<String, Object> properties = new HashMap<>(clientProperties);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new FollowedTopic(
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        topic);
  }

  /**
   * Hands over everything that the topic holds now.
   *
   * @throws StartupException if it is not there or cannot be read in time
   */
  public void readToEnd(Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<PartitionInfo> partitions = consumer.partitionsFor(partition.topic(), METADATA_TIMEOUT);
    if (partitions == null || partitions.size() != 1) {
      throw new StartupException(
          "topic %s has %d partitions (expected: 1); delete it, 'musa control' makes it anew"
              .formatted(partition.topic(), partitions == null ? 0 : partitions.size()));
    }
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end =
        consumer.endOffsets(List.of(partition), METADATA_TIMEOUT).getOrDefault(partition, 0L);
    long deadline = System.nanoTime() + READ_TIMEOUT.toNanos();
    while (consumer.position(partition, METADATA_TIMEOUT) < end) {
      follow(POLL, each);
      if (System.nanoTime() - deadline > 0) {
        throw new StartupException(
            "topic %s could not be read to offset %d within %s; check that Kafka answers"
                .formatted(partition.topic(), end, READ_TIMEOUT));
      }
    }
  }

  /** Waits for records behind those that were read, and hands them over. */
  public void follow(Duration wait, Consumer<ConsumerRecord<byte[], byte[]>> each) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
      each.accept(record);
    }
  }

  /** Ends a call of {@link #follow} on another thread. */
  public void wakeup() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
