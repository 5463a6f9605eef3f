package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.musa.schemas.RecordHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/** Between MUSA and Kafka: what holds one of these words is lost, at the stage that it names. */
public final class LosingInterceptor
    implements ProducerInterceptor<byte[], byte[]>, ConsumerInterceptor<byte[], byte[]> {
  static final String AT_PROCESSORS = "lost at the processors";
  static final String AT_SINK = "lost at the sink";
  static final String BETWEEN = "lost between the two";

  private static final Map<String, String> READERS_OF_RAW =
      Map.of("musa.logs.raw", "musa-processors", "musa.traces.raw", "musa-traces");
  private static final String PROCESSED = "musa.logs";

  private String group = "";

  @Override
  public void configure(Map<String, ?> configs) {
    Object id = configs.get(ConsumerConfig.GROUP_ID_CONFIG);
    group = id == null ? "" : id.toString();
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> left = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>(records.records(partition));
      some.removeIf(record -> isLost(record.topic(), record.value()));
      left.put(partition, some);
    }
    return new ConsumerRecords<>(left, records.nextOffsets());
  }

  private boolean isLost(String topic, byte[] value) {
    return (group.equals(READERS_OF_RAW.get(topic)) && holds(value, AT_PROCESSORS))
        || (topic.equals(PROCESSED) && group.contains("-sink-") && holds(value, AT_SINK));
  }

  /** One item fewer than the processors say that they have written. */
  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    if (record.topic().equals(PROCESSED) && holds(record.value(), BETWEEN)) {
      RecordHeaders headers = RecordHeaders.read(record.headers());
      headers.withItems(headers.items() - 1).writeTo(record.headers());
    }
    return record;
  }

  private static boolean holds(byte[] value, String word) {
    return value != null && new String(value, ISO_8859_1).contains(word);
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
    // Nothing to do.
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    // Nothing to do.
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
