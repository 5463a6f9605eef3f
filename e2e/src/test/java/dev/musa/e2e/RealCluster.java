package dev.musa.e2e;

import dev.musa.k8s.TestCluster;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kubernetes cluster that the environment names, else one in a container, with a namespace for
 * each test that goes with it. Nothing in it ever runs: what is made there is for no scheduler.
 */
final class RealCluster
    implements TestCluster, BeforeAllCallback, BeforeEachCallback, AfterEachCallback {
  private static final String VARIABLE = "MUSA_E2E_KUBECONFIG";
  private static final String NAMED = Environment.variable(VARIABLE);
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String NO_SCHEDULER = "nobody";

  private final Random random = new Random();
  private String namespace = "";

  @Override
  public void beforeAll(ExtensionContext context) {
    if (NAMED.isEmpty()) {
      Skip.unlessDocker(
          context.getRequiredTestClass().getSimpleName() + " (" + VARIABLE + " is not set)");
    } else if (!Files.isReadable(Path.of(NAMED))) {
      throw new IllegalStateException(VARIABLE + " is " + NAMED + ", which cannot be read");
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    namespace = "musa-e2e-" + HexFormat.of().toHexDigits(random.nextInt());
    try (KubernetesClient client = connect()) {
      client
          .namespaces()
          .resource(
              new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
          .create();
      // Pods are refused as long as it is missing.
      client
          .serviceAccounts()
          .withName("default")
          .waitUntilCondition(account -> account != null, LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Does not wait until all in it is gone. */
  @Override
  public void afterEach(ExtensionContext context) {
    try (KubernetesClient client = connect()) {
      client.namespaces().withName(namespace).delete();
    }
  }

  @Override
  public KubernetesClient connect() {
    Config config =
        NAMED.isEmpty()
            ? Config.fromKubeconfig(K3s.kubeconfig())
            : Config.fromKubeconfig(new File(NAMED));
    config.setNamespace(namespace);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  @Override
  public String namespace() {
    return namespace;
  }

  @Override
  public void deploy(String name) {
    Map<String, String> labels = Map.of("app", name);
    try (KubernetesClient client = connect()) {
      client
          .apps()
          .deployments()
          .resource(
              new DeploymentBuilder()
                  .withNewMetadata()
                  .withName(name)
                  .endMetadata()
                  .withNewSpec()
                  .withReplicas(1)
                  .withNewSelector()
                  .withMatchLabels(labels)
                  .endSelector()
                  .withNewTemplate()
                  .withNewMetadata()
                  .withLabels(labels)
                  .endMetadata()
                  .withNewSpec()
                  .withSchedulerName(NO_SCHEDULER)
                  .addNewContainer()
                  .withName("app")
                  .withImage("registry.example/" + name)
                  .endContainer()
                  .endSpec()
                  .endTemplate()
                  .endSpec()
                  .build())
          .create();
    }
  }

  @Override
  public boolean isShared() {
    return true;
  }

  /** One for all tests, because its start takes long; Testcontainers ends it with the JVM. */
  private static final class K3s {
    private static final K3sContainer STARTED =
        new K3sContainer(DockerImageName.parse("rancher/k3s:v1.34.1-k3s1"));

    static {
      STARTED.start();
    }

    static String kubeconfig() {
      return STARTED.getKubeConfigYaml();
    }
  }
}
