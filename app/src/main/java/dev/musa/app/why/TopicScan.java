package dev.musa.app.why;

import dev.musa.app.topics.TopicReading;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads ranges of single partitions. For one thread. */
final class TopicScan implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Longer than a dead writer's transaction can hold readers back. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Consumer<byte[], byte[]> consumer;

  TopicScan(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  static TopicScan connect(KafkaConfig kafka) {
    Map<String, Object> properties = kafka.consumerProperties("musa-why", "musa-why");
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
    return new TopicScan(new KafkaConsumer<>(properties));
  }

  int partitions(String topic) {
    return TopicReading.partitionsOf(consumer, topic).size();
  }

  long begin(TopicPartition partition) {
    return consumer.beginningOffsets(List.of(partition), ANSWER).getOrDefault(partition, 0L);
  }

  /** The first offset that a reader of committed records does not see yet. */
  long end(TopicPartition partition) {
    return consumer.endOffsets(List.of(partition), ANSWER).getOrDefault(partition, 0L);
  }

  /** The first offset with a record of this time or later; the end if there is none. */
  long at(TopicPartition partition, long unixMilli) {
    @Nullable OffsetAndTimestamp found =
        consumer.offsetsForTimes(Map.of(partition, unixMilli), ANSWER).get(partition);
    return found == null ? end(partition) : found.offset();
  }

  /** Hands over the records from one offset to before another, until one is not wanted to go on. */
  void read(
      TopicPartition partition,
      long from,
      long to,
      Predicate<ConsumerRecord<byte[], byte[]>> goOn) {
    if (from >= to) {
      return;
    }
    consumer.assign(List.of(partition));
    consumer.seek(partition, from);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (consumer.position(partition, ANSWER) < to) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.offset() >= to || !goOn.test(record)) {
          return;
        }
      }
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() - deadline > 0) {
        throw new StartupException(
            "%s could not be read from offset %d to %d within %d s; check that Kafka answers"
                .formatted(partition, from, to, PATIENCE.toSeconds()));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
