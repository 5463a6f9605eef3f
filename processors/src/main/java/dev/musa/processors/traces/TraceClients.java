package dev.musa.processors.traces;

import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The Kafka clients of one loop thread, with the settings on which its guarantees rest. */
class TraceClients {
  /** How long a broker may gather records for pass one: fewer wake-ups for little latency. */
  private static final int GATHER_MILLIS = 100;

  private static final int GATHER_BYTES = 32 * 1024;

  /** A call that gets no answer ends early enough for a prompt stop. */
  private static final int CALL_MILLIS = 20_000;

  private static final int TRANSACTION_MILLIS = 10_000;

  /**
   * Records are fat: a poll's worth of them should still lie in the processor's caches when it is
   * walked, and be garbage before the next collection.
   */
  private static final int RECORDS_PER_POLL = 64;

  private static final int PARTITION_FETCH_BYTES = 512 << 10;
  private static final int FETCH_BYTES = 3 << 19;

  private final KafkaConfig kafka;
  private final String group;
  private final String member;
  private final int maxRecordBytes;

  /**
   * @param member of the group; the same again after a restart, and unique at any time
   * @param maxRecordBytes the largest value to write
   */
  TraceClients(KafkaConfig kafka, String group, String member, int maxRecordBytes) {
    this.kafka = kafka;
    this.group = group;
    this.member = member;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Pass one: the member of the group. */
  Consumer<byte[], byte[]> passOne() {
    Map<String, Object> config = consumer("one");
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, member);
    config.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, GATHER_BYTES);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, GATHER_MILLIS);
    return new KafkaConsumer<>(config);
  }

  /** Pass two: reads the same partitions again, at its own position. */
  Consumer<byte[], byte[]> passTwo() {
    return new KafkaConsumer<>(consumer("two"));
  }

  /** For the decisions made before a partition came here. */
  Consumer<byte[], byte[]> history() {
    return new KafkaConsumer<>(consumer("history"));
  }

  Producer<byte[], byte[]> producer() {
    Map<String, Object> config = kafka.producerProperties(clientId("producer"));
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group + "-" + member);
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
    // More than one would come out of order when a transaction follows closely on another: the
    // first batch is told to wait for the markers, the second one is refused, and brokers log it.
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, CALL_MILLIS);
    config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, KafkaConfig.requestBytes(maxRecordBytes));
    config.put(ProducerConfig.LINGER_MS_CONFIG, 10);
    config.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 * 1024);
    return new KafkaProducer<>(config);
  }

  Admin admin() {
    return KafkaAdmin.connect(kafka, clientId("admin"));
  }

  private Map<String, Object> consumer(String role) {
    Map<String, Object> config = kafka.consumerProperties(clientId(role), group);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_MILLIS);
    return config;
  }

  private String clientId(String role) {
    return group + "-" + member + "-" + role;
  }
}
