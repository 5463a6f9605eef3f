package dev.musa.k8s;

import io.fabric8.kubernetes.client.KubernetesClient;

/** An API server for tests, and a namespace in it that is empty at the start of each. */
public interface TestCluster {
  /** A client of its own, in the namespace. */
  KubernetesClient connect();

  String namespace();

  /**
   * Makes a Deployment of this name with a pod that never runs; returns before the pod is there.
   */
  void deploy(String name);

  /** Whether others have pods there too, in other namespaces. */
  boolean isShared();
}
