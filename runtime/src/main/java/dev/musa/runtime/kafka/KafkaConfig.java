package dev.musa.runtime.kafka;

import dev.musa.runtime.config.ConfigPrinter;
import dev.musa.runtime.tls.TlsConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a Kafka cluster.
 *
 * @param bootstrapServers each {@code host:port}; empty until they are known
 * @param tls PEM files, read again when they change; null: without TLS, or with what the properties
 *     say of it
 * @param properties for all clients, such as {@code security.protocol}; what delivery depends on
 *     cannot be set here
 */
public record KafkaConfig(
    List<String> bootstrapServers, @Nullable TlsConfig tls, Map<String, String> properties) {

  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([^\\s:,/]+|\\[[0-9a-fA-F:]+]):(\\d{1,5})");
  private static final Pattern CLIENT_PREFIX =
      Pattern.compile("^((main|restore|global)\\.)?(consumer|producer|admin)\\.");

  private static final int SOLE_WRITER_TIMEOUT_MILLIS = 10_000;

  /** Room for headers and for values that compress well: the topic's limit is on the batch. */
  private static final int REQUEST_OVERHEAD_BYTES = 1 << 20;

  /** What the promises to senders and readers depend on, and why it is not for users to set. */
  private static final Map<String, String> FIXED =
      Map.ofEntries(
          Map.entry("bootstrap.servers", "set bootstrapServers instead"),
          Map.entry("client.id", "each client has its own"),
          Map.entry("group.id", "each reader has its own"),
          Map.entry("group.instance.id", "each reader has its own"),
          Map.entry("transactional.id", "each writer has its own"),
          Map.entry("acks", "it is all, else acknowledged records could be lost"),
          Map.entry("enable.idempotence", "it is true, else retries could duplicate records"),
          Map.entry("auto.offset.reset", "it is none, else readers could skip records"),
          Map.entry("enable.auto.commit", "it is false, else readers could skip records"),
          Map.entry("isolation.level", "each reader has its own"));

  /**
   * What users may turn on again. MUSA's figures come from the clients themselves; a dozen clients
   * that also register some thousand MBeans and offer their metrics to the brokers start slower and
   * hold more.
   */
  private static final Map<String, Object> QUIET =
      Map.of(
          CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG,
          "",
          CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG,
          false);

  /** Properties that say what {@link #tls} does, or that nobody looks at beside it. */
  private static final Pattern TLS_PROPERTY =
      Pattern.compile(
          "ssl\\.((keystore|truststore|key|engine|keymanager|trustmanager|secure)\\..*"
              + "|protocol|provider)");

  private static final String PROTOCOL = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;

  public KafkaConfig {
    bootstrapServers = List.copyOf(bootstrapServers);
    properties = Map.copyOf(properties);
    for (String server : bootstrapServers) {
      if (!HOST_AND_PORT.matcher(server).matches()) {
        throw new IllegalArgumentException(
            "bootstrapServers has '" + server + "' (expected: host:port, such as kafka:9092)");
      }
    }
    for (String key : new TreeMap<>(properties).keySet()) {
      String why = FIXED.get(CLIENT_PREFIX.matcher(key).replaceFirst(""));
      if (why != null) {
        throw new IllegalArgumentException(
            "properties has '%s', which cannot be set: %s (expected: left out)"
                .formatted(key, why));
      }
    }
    if (tls != null) {
      checkProperties(properties);
    }
  }

  /** Without TLS, or with what the properties say of it. */
  public KafkaConfig(List<String> bootstrapServers, Map<String, String> properties) {
    this(bootstrapServers, null, properties);
  }

  private static void checkProperties(Map<String, String> besideTls) {
    for (String key : new TreeMap<>(besideTls).keySet()) {
      if (TLS_PROPERTY.matcher(CLIENT_PREFIX.matcher(key).replaceFirst("")).matches()) {
        throw new IllegalArgumentException(
            "properties has '%s' beside tls (expected: one of them)".formatted(key));
      }
    }
    String protocol = besideTls.getOrDefault(PROTOCOL, SecurityProtocol.SSL.name);
    if (!protocol.toUpperCase(Locale.ROOT).endsWith(SecurityProtocol.SSL.name)) {
      throw new IllegalArgumentException(
          "properties has %s %s beside tls (expected: SSL, SASL_SSL, or left out for SSL)"
              .formatted(PROTOCOL, protocol));
    }
  }

  /** No servers yet, no properties. */
  public static KafkaConfig defaults() {
    return new KafkaConfig(List.of(), Map.of());
  }

  /** The same properties for these servers. */
  public KafkaConfig withBootstrapServers(List<String> servers) {
    return new KafkaConfig(servers, tls, properties);
  }

  /** What every client needs. */
  public Map<String, Object> clientProperties(String clientId) {
    if (bootstrapServers.isEmpty()) {
      throw new IllegalStateException("bootstrapServers is [] (expected: at least one)");
    }
    Map<String, Object> client = new HashMap<>(QUIET);
    if (tls != null) {
      client.put(PROTOCOL, SecurityProtocol.SSL.name);
      client.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, TlsEngineFactory.class);
      client.put(TlsEngineFactory.FILES, tls);
    }
    client.putAll(properties);
    client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", bootstrapServers));
    client.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    return client;
  }

  /**
   * For a reader of bytes that commits by itself, sees committed records only, and fails rather
   * than skip anything when its offset is gone.
   */
  public Map<String, Object> consumerProperties(String clientId, String groupId) {
    Map<String, Object> consumer = clientProperties(clientId);
    consumer.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
    consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return consumer;
  }

  /** For a writer of bytes whose acknowledgement means all in-sync replicas, without duplicates. */
  public Map<String, Object> producerProperties(String clientId) {
    Map<String, Object> producer = clientProperties(clientId);
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    producer.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    producer.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return producer;
  }

  /**
   * For a writer that shuts out the one before it, and is told soon if Kafka does not take what it
   * writes.
   */
  public Map<String, Object> soleWriterProperties(String clientId, String transactionalId) {
    Map<String, Object> producer = producerProperties(clientId);
    producer.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    producer.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, SOLE_WRITER_TIMEOUT_MILLIS);
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, SOLE_WRITER_TIMEOUT_MILLIS);
    producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, SOLE_WRITER_TIMEOUT_MILLIS / 2);
    return producer;
  }

  /** What a writer has to be allowed to send at once for records with values up to this size. */
  public static int requestBytes(int recordBytes) {
    return recordBytes + REQUEST_OVERHEAD_BYTES;
  }

  /** Passwords among the properties are masked. */
  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>();
    properties.forEach(
        (key, value) -> shown.put(key, ConfigPrinter.isTelltale(key) ? "***" : value));
    return "KafkaConfig[bootstrapServers=%s, tls=%s, properties=%s]"
        .formatted(bootstrapServers, tls, shown);
  }
}
