package dev.musa.app.ledger;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.RecordHeaders;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Counts what stands on partitions behind given offsets, by reading it. */
final class StandingReader implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  /** More is not read for the sake of a figure that is old by then. */
  private static final long MOST_BYTES = 256L << 20;

  /** Without a record for so long, what is left is an open transaction. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Consumer<byte[], byte[]> consumer;

  StandingReader(Consumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  static StandingReader connect(KafkaConfig kafka, String clientId) {
    return new StandingReader(new KafkaConsumer<>(kafka.consumerProperties(clientId, clientId)));
  }

  private static final class Sum {
    private final Map<String, Long> items = new HashMap<>();
    private @Nullable Long oldest;
  }

  List<TopicPartition> partitionsOf(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER);
    return found == null
        ? List.of()
        : found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  /**
   * From each offset to what is the end now.
   *
   * @param isCounted what of it counts
   */
  Map<TopicPartition, Standing> behind(
      Map<TopicPartition, Long> offsets, Predicate<ConsumerRecord<byte[], byte[]>> isCounted) {
    Map<TopicPartition, Standing> standing = new HashMap<>();
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(offsets.keySet(), ANSWER);
    Map<TopicPartition, Long> ends = consumer.endOffsets(offsets.keySet(), ANSWER);
    Map<TopicPartition, Sum> sums = new HashMap<>();
    Set<TopicPartition> unread = new HashSet<>();
    offsets.forEach((partition, offset) -> {
      standing.put(partition, Standing.NOTHING);
      if (offset < ends.getOrDefault(partition, 0L)) {
        unread.add(partition);
      }
    });
    consumer.assign(unread);
    for (TopicPartition partition : unread) {
      sums.put(partition, new Sum());
      long from = Math.max(offsets.getOrDefault(partition, 0L), begins.getOrDefault(partition, 0L));
      consumer.seek(partition, from);
    }
    long bytes = 0;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!unread.isEmpty() && bytes < MOST_BYTES && System.nanoTime() - deadline < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
        TopicPartition from = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(from, 0L) && isCounted.test(record)) {
          add(record, sums.computeIfAbsent(from, _ -> new Sum()));
          bytes += record.value() == null ? 0 : record.value().length;
        }
      }
      unread.removeIf(p -> consumer.position(p) >= ends.getOrDefault(p, 0L));
      consumer.pause(consumer.assignment());
      consumer.resume(unread);
    }
    sums.forEach((partition, sum) ->
        standing.put(partition, new Standing(sum.items, sum.oldest, !unread.contains(partition))));
    return standing;
  }

  private static void add(ConsumerRecord<byte[], byte[]> record, Sum sum) {
    if (sum.oldest == null) {
      sum.oldest = record.timestamp();
    }
    try {
      RecordHeaders headers = RecordHeaders.read(record.headers());
      sum.items.merge(headers.tenant(), (long) headers.items(), Long::sum);
    } catch (BadHeadersException e) {
      // The ledger counts it the same way: a record of nobody that holds nothing.
      sum.items.merge("", 0L, Long::sum);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
