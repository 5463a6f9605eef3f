package dev.musa.k8s;

import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An API server that keeps what it is told and tells it on; a new one for each test. */
final class MockApi implements TestCluster, BeforeEachCallback, AfterEachCallback {
  /** That of the server's clients. */
  private static final String NAMESPACE = "test";

  private final KubernetesMockServer server = MockApiServer.create();

  @Override
  public void beforeEach(ExtensionContext context) {
    server.init();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    server.destroy();
  }

  @Override
  public NamespacedKubernetesClient connect() {
    return server.createClient();
  }

  int port() {
    return server.getPort();
  }

  @Override
  public String namespace() {
    return NAMESPACE;
  }

  /**
   * What the controllers of a cluster would make of it, and the objects that the watch looks at.
   */
  @Override
  public void deploy(String name) {
    try (NamespacedKubernetesClient client = connect()) {
      String replicaSet =
          client
              .apps()
              .replicaSets()
              .resource(Pods.replicaSet("rs-1", name + "-7d9", name))
              .create()
              .getMetadata()
              .getUid();
      client
          .pods()
          .resource(
              Pods.scheduled("u-" + name, name + "-7d9-x")
                  .editMetadata()
                  .withNamespace(NAMESPACE)
                  .editOwnerReference(0)
                  .withUid(replicaSet)
                  .endOwnerReference()
                  .endMetadata()
                  .build())
          .create();
    }
  }

  @Override
  public boolean isShared() {
    return false;
  }
}
