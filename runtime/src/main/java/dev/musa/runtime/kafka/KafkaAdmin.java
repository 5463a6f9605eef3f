package dev.musa.runtime.kafka;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Connects to a Kafka cluster, or says soon and in one line why that fails. */
public final class KafkaAdmin {

  private KafkaAdmin() {}

  /**
   * An admin client of a cluster that has answered, within 15 seconds.
   *
   * @throws StartupException if it has not, naming the bootstrap servers
   */
  public static AdminClient connect(KafkaConfig config, String clientId) {
    return connect(config, clientId, KafkaCalls.DEFAULT_TIMEOUT);
  }

  /**
   * An admin client of a cluster that has answered within the time limit.
   *
   * @throws StartupException if it has not, naming the bootstrap servers
   */
  public static AdminClient connect(KafkaConfig config, String clientId, Duration timeout) {
    if (config.bootstrapServers().isEmpty()) {
      throw new StartupException(
          "no Kafka is configured: set kafka.bootstrapServers (expected: at least one host:port)");
    }
    String servers = "Kafka at " + String.join(", ", config.bootstrapServers());
    AdminClient admin = create(config, clientId, timeout, servers);
    try {
      KafkaCalls calls = new KafkaCalls(servers, timeout, System::nanoTime, Pause.SLEEPING);
      calls.get(admin.describeCluster().nodes(), "connecting");
      return admin;
    } catch (KafkaException e) {
      admin.close(Duration.ZERO);
      throw new StartupException(servers + " refused to be connected: " + e.getMessage(), e);
    } catch (StartupException e) {
      admin.close(Duration.ZERO);
      throw e;
    }
  }

  private static AdminClient create(
      KafkaConfig config, String clientId, Duration timeout, String servers) {
    Map<String, Object> properties = config.clientProperties(clientId);
    int millis = Math.toIntExact(timeout.toMillis());
    properties.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis);
    properties.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    try {
      return (AdminClient) Admin.create(properties);
    } catch (KafkaException e) {
      throw new StartupException(
          "%s cannot be connected: %s (expected: reachable kafka.bootstrapServers and valid"
                  .formatted(servers, rootMessage(e))
              + " kafka.tls and kafka.properties)",
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    @Nullable Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
