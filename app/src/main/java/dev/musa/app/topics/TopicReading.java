package dev.musa.app.topics;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** What all that read a topic to its end have in common. */
public final class TopicReading {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Longer than a dead writer's transaction can hold readers back. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private TopicReading() {}

  /**
   * The partitions of a topic.
   *
   * @throws StartupException if there is no such topic
   */
  public static List<TopicPartition> partitionsOf(Consumer<?, ?> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER);
    if (found == null || found.isEmpty()) {
      throw new StartupException(
          "topic %s does not exist (expected: made by `musa run`, or by any part of MUSA at its start)"
              .formatted(topic));
    }
    return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  /**
   * Hands over records from where the consumer stands until it has come to these offsets, and what
   * it has fetched with them from behind.
   *
   * @param ends of partitions of one topic, all of them assigned
   * @throws StartupException if it does not come to them
   */
  public static void readTo(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (isBehind(consumer, ends)) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      records.forEach(each);
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() - deadline > 0) {
        throw new StartupException(
            "topic %s could not be read to its end within %d s; check that Kafka answers"
                .formatted(ends.keySet().iterator().next().topic(), PATIENCE.toSeconds()));
      }
    }
  }

  private static boolean isBehind(Consumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey(), ANSWER) < end.getValue());
  }
}
