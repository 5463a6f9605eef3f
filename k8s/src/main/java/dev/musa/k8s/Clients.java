package dev.musa.k8s;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;

/** Connections to the API server. */
final class Clients {
  private Clients() {}

  /** By the kubeconfig, or as the pod that this process runs in may. */
  static KubernetesClient connect(KubernetesConfig config) {
    Path kubeconfig = config.kubeconfig();
    Config connection =
        kubeconfig == null
            ? Config.autoConfigure(null)
            : Config.fromKubeconfig(config.context(), kubeconfig.toFile());
    return new KubernetesClientBuilder().withConfig(connection).build();
  }
}
