package dev.musa.processors.streams;

import dev.musa.runtime.kafka.KafkaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * How the Streams application is configured.
 *
 * @param applicationId also the consumer group and the start of the transactional ids
 * @param instance unique among the processes of the application and the same after a restart
 * @param stateDir keeps the process id; no two processes may share it
 */
public record StreamsSettings(
    String applicationId,
    String instance,
    Path stateDir,
    int threads,
    Duration commitInterval,
    int maxRecordBytes) {
  /** Records are fat, one per request and partition, and Streams counts records, not bytes. */
  private static final int BUFFERED_RECORDS_PER_PARTITION = 100;

  private static final int RECORDS_PER_POLL = 200;
  private static final int FETCH_MAX_BYTES = 16 << 20;

  /** A fetch that finds little waits, so that a trickle does not wake the process per record. */
  private static final int FETCH_MIN_BYTES = 64 << 10;

  private static final int FETCH_MAX_WAIT_MILLIS = 100;
  private static final int LINGER_MILLIS = 10;
  private static final int BATCH_BYTES = 128 << 10;

  /** A dead instance's partitions are taken over after this; a restarted one has its own back. */
  private static final int SESSION_TIMEOUT_MILLIS = 45_000;

  String clientId() {
    return applicationId + "-" + instance;
  }

  Properties properties(Map<String, Object> clientProperties) {
    Properties properties = new Properties();
    properties.putAll(clientProperties);
    put(properties, StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    put(properties, StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
    put(properties, StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    put(properties, StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    put(properties, StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
    put(properties, StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, commitInterval.toMillis());
    put(properties, StreamsConfig.POLL_MS_CONFIG, commitInterval.toMillis());
    put(properties, StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
    put(
        properties,
        StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG,
        BUFFERED_RECORDS_PER_PARTITION);
    putConsumer(properties);
    putProducer(properties);
    return properties;
  }

  private void putConsumer(Properties properties) {
    consumer(properties, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
    consumer(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
    consumer(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer(properties, ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_PER_POLL);
    consumer(properties, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_MAX_BYTES);
    consumer(properties, ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FETCH_MIN_BYTES);
    consumer(properties, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_MAX_WAIT_MILLIS);
  }

  private void putProducer(Properties properties) {
    producer(properties, ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    producer(properties, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    producer(properties, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer(
        properties,
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        KafkaConfig.requestBytes(maxRecordBytes));
  }

  private static void consumer(Properties properties, String name, Object value) {
    put(properties, StreamsConfig.mainConsumerPrefix(name), value);
  }

  private static void producer(Properties properties, String name, Object value) {
    put(properties, StreamsConfig.producerPrefix(name), value);
  }

  private static void put(Properties properties, String name, Object value) {
    properties.put(name, value);
  }
}
