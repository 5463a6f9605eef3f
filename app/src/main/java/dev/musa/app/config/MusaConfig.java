package dev.musa.app.config;

import dev.musa.app.node.NodeConfig;
import dev.musa.collector.CollectorConfig;
import dev.musa.k8s.KubernetesConfig;
import dev.musa.processors.ProcessorsConfig;
import dev.musa.processors.traces.TracesConfig;
import dev.musa.rules.RulesConfig;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Groups;
import dev.musa.schemas.TopicLayout;
import dev.musa.schemas.Topics;
import dev.musa.sinks.SinksConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured: what {@code musa.yaml} may say.
 *
 * @param data the directory of everything that a process keeps; other directories are in it unless
 *     they are configured
 * @param kafka the cluster; without {@code bootstrapServers}, {@code musa run} starts a node of its
 *     own
 * @param admin where metrics are served: data, so loopback unless {@code insecure} is set
 * @param health where {@code /livez} and {@code /readyz} are served
 */
public record MusaConfig(
    Path data,
    KafkaConfig kafka,
    NodeConfig node,
    TopicsConfig topics,
    AdminConfig admin,
    ListenConfig health,
    CollectorConfig collector,
    RulesConfig rules,
    ProcessorsConfig processors,
    TracesConfig traces,
    SinksConfig sinks,
    KubernetesConfig kubernetes) {

  /** Not 9092, where many machines have a Kafka already. */
  private static final int NODE_PORT = 19092;

  private static final String LOOPBACK = "127.0.0.1";

  public MusaConfig {
    if (kafka.tls() != null && kafka.bootstrapServers().isEmpty()) {
      throw new IllegalArgumentException(
          "kafka.tls is set without kafka.bootstrapServers (expected: both or none; the node that"
              + " `musa run` starts is on loopback, in plain text)");
    }
  }

  public static MusaConfig defaults() {
    return new MusaConfig(
        Path.of("data"),
        KafkaConfig.defaults(),
        NodeConfig.defaults().withPort(NODE_PORT),
        TopicsConfig.defaults(),
        new AdminConfig(LOOPBACK, null, false),
        new ListenConfig(LOOPBACK, null),
        CollectorConfig.defaults(),
        RulesConfig.defaults(),
        ProcessorsConfig.defaults(),
        TracesConfig.defaults(),
        SinksConfig.defaults(),
        KubernetesConfig.defaults());
  }

  /** The defaults on other ports (Kafka, admin, health, gRPC, HTTP), for tests and warming up. */
  public static MusaConfig onPorts(Path data, Path rules, List<Integer> ports) {
    return new Overlay()
        .set(rules, "rules", "directory")
        .set(ports.get(0), "node", "port")
        .set(ports.get(1), "admin", "port")
        .set(ports.get(2), "health", "port")
        .set(ports.get(3), "collector", "grpc", "port")
        .set(ports.get(4), "collector", "http", "port")
        .over("ports", inside(data));
  }

  /** The defaults with every directory in this one. */
  static MusaConfig inside(Path directory) {
    return new Overlay()
        .set(directory, "data")
        .set(directory, "node", "data")
        .set(directory.resolve("processors"), "processors", "stateDir")
        .set(directory.resolve("out"), "sinks", "files", "directory")
        .over("--data", defaults());
  }

  /** Whether {@code musa run} starts a Kafka of its own. */
  public boolean embedsKafka() {
    return kafka.bootstrapServers().isEmpty();
  }

  /** The same with the embedded node on this port. */
  public MusaConfig withNodePort(int port) {
    return new Overlay().set(port, "node", "port").over("node.port", this);
  }

  /** How clients reach the embedded node. */
  public KafkaConfig kafkaOfNode() {
    return kafka.withBootstrapServers(List.of(LOOPBACK + ":" + node.port()));
  }

  /** How a command reaches the Kafka of the installation: the configured one, or the embedded. */
  public KafkaConfig kafkaInUse() {
    return embedsKafka() ? kafkaOfNode() : kafka;
  }

  /** The largest value that the processors write: room is left for headers. */
  public int maxRecordBytes() {
    return Math.toIntExact(topics.maxMessage().bytes() - TopicsConfig.ROOM_FOR_HEADERS);
  }

  /** For how long raw telemetry may be there. */
  public Duration rawRetention() {
    return embedsKafka() ? node.retentionAge() : topics.retention();
  }

  public Path logDirectory() {
    return data.resolve("logs");
  }

  public Topics topicNames() {
    return new Topics(topics.prefix());
  }

  public Groups groups() {
    return new Groups(topics.prefix());
  }

  /** The topics to be; on an embedded node nothing is deleted by age alone. */
  public TopicLayout topicLayout(boolean embedded) {
    @Nullable Integer partitions = topics.partitions();
    int usual = embedded ? TopicLayout.EMBEDDED_PARTITIONS : TopicLayout.CLUSTER_PARTITIONS;
    return new TopicLayout(
        topicNames(),
        partitions == null ? usual : partitions,
        embedded ? Duration.ofMillis(-1) : topics.retention(),
        Math.toIntExact(topics.maxMessage().bytes()));
  }
}
