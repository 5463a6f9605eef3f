package dev.musa.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Connections to the API server. */
final class Clients {
  /**
   * A watch on which a ping has no answer within this is closed. Without that, nobody could tell a
   * connection that is dead from one on which nothing happens.
   */
  private static final Duration PING = Duration.ofSeconds(1);

  private Clients() {}

  /** By the kubeconfig, or as the pod that this process runs in may. */
  static KubernetesClient connect(KubernetesConfig config) {
    return build(connection(config));
  }

  /** For requests whose answers are of no use later, so that none is tried again either. */
  static KubernetesClient connect(KubernetesConfig config, Duration patience) {
    Config connection = connection(config);
    connection.setRequestTimeout((int) patience.toMillis());
    connection.setRequestRetryBackoffLimit(0);
    return build(connection);
  }

  private static Config connection(KubernetesConfig config) {
    Path kubeconfig = config.kubeconfig();
    return kubeconfig == null
        ? Config.autoConfigure(null)
        : Config.fromKubeconfig(config.context(), kubeconfig.toFile());
  }

  private static KubernetesClient build(Config connection) {
    return new KubernetesClientBuilder()
        .withConfig(connection)
        .withHttpClientBuilderConsumer(
            http -> http.websocketPingInterval(PING.toMillis(), TimeUnit.MILLISECONDS))
        .build();
  }
}
