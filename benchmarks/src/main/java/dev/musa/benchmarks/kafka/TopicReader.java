package dev.musa.benchmarks.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.benchmarks.payload.BenchPods;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from their beginning and counts by walking the values; what the headers of MUSA's
 * records say must be the same.
 */
final class TopicReader {
  private static final byte[] ONLY_OF_PODS = BenchPods.ONLY_OF_PODS.getBytes(UTF_8);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int SILENT_POLLS = 30;

  private final String bootstrapServers;
  private final OtlpCursor cursor;
  private long records;
  private long items;
  private long bytes;
  private long joined;
  private boolean ofJoined;

  TopicReader(String bootstrapServers, Signal signal) {
    this.bootstrapServers = bootstrapServers;
    this.cursor = new OtlpCursor(signal);
  }

  TopicCount read(Map<TopicPartition, Long> ends) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(ends.keySet());
      consumer.seekToBeginning(ends.keySet());
      int silent = 0;
      while (!isAtEnd(consumer, ends)) {
        var batch = consumer.poll(POLL);
        silent = batch.isEmpty() ? silent + 1 : 0;
        if (silent == SILENT_POLLS) {
          throw new IllegalStateException(
              "Kafka gives no more of " + ends.keySet() + " after " + records + " records");
        }
        batch.forEach(this::count);
      }
    }
    return new TopicCount(records, items, bytes, joined);
  }

  private static boolean isAtEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      if (consumer.position(end.getKey()) < end.getValue()) {
        return false;
      }
    }
    return true;
  }

  private void count(ConsumerRecord<byte[], byte[]> record) {
    long before = items;
    cursor.reset(record.value());
    while (cursor.next()) {
      if (cursor.firstOfResource()) {
        ofJoined = cursor.resource().attributes().has(ONLY_OF_PODS);
      }
      items++;
      joined += ofJoined ? 1 : 0;
    }
    records++;
    bytes += record.value().length;
    if (record.headers().lastHeader(RecordHeaders.ITEMS) != null) {
      int told = RecordHeaders.read(record.headers()).items();
      if (told != items - before) {
        throw new IllegalStateException(
            "%s-%d at offset %d: the header %s is %d, but the value has %d"
                .formatted(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    RecordHeaders.ITEMS,
                    told,
                    items - before));
      }
    }
  }

  private Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
    settings.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    return settings;
  }
}
