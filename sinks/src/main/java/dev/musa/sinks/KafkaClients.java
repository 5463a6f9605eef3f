package dev.musa.sinks;

import dev.musa.runtime.kafka.KafkaConfig;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The settings that the correctness and the idle cost of the sinks rest on. */
final class KafkaClients {
  /** What a killed process has left open holds up readers for so long at most. */
  private static final int TRANSACTION_MILLIS = 10_000;

  private static final int CALL_MILLIS = 5_000;

  private KafkaClients() {}

  static Consumer<byte[], byte[]> consumer(KafkaConfig kafka, String group, String instance) {
    Map<String, Object> properties = kafka.consumerProperties(instance, group);
    properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    // Few wake-ups when there is little to do, at the price of a quarter of a second.
    properties.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 32 * 1024);
    properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 250);
    // What lies fetched and unread in the client is not in the sink's own account.
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 2 * 1024 * 1024);
    properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 * 1024);
    // Records are fat, and what was polled stays alive until it is delivered.
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 64);
    return new KafkaConsumer<>(properties);
  }

  /**
   * The producer that commits for one sink: its offsets, its dead letters, its ledger entries.
   *
   * @param id unique at any time, and the same again after a restart
   */
  static Producer<byte[], byte[]> producer(KafkaConfig kafka, String id) {
    Map<String, Object> properties = kafka.producerProperties(id);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MILLIS);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // A transaction is written at once and then flushed by its commit.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // A dead letter is a record that Kafka took once, and a few headers.
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 64 * 1024 * 1024);
    return new KafkaProducer<>(properties);
  }
}
