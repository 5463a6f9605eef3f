package dev.musa.processors.enrich;

import dev.musa.schemas.metadata.Pod;
import java.util.List;
import java.util.Map;

/** Pods as they stand on the metadata topic. */
public final class PodFixtures {
  public static final String CLUSTER = "east";

  private PodFixtures() {}

  /** One that is there since {@code from}, with one container and one address. */
  public static Pod pod(String uid, String name, String ip, long from) {
    return pod(uid, name, ip, from, 0, false);
  }

  /**
   * One with one container and one address.
   *
   * @param until 0 while it is there
   */
  public static Pod pod(
      String uid, String name, String ip, long from, long until, boolean hostNetwork) {
    return new Pod(
        CLUSTER,
        uid,
        name,
        "shop",
        "node-1",
        List.of(new Pod.Address(ip, from, until)),
        hostNetwork,
        from,
        until,
        Map.of(
            "k8s.cluster.name", CLUSTER,
            "k8s.pod.uid", uid,
            "k8s.pod.name", name,
            "k8s.namespace.name", "shop",
            "k8s.node.name", "node-1",
            "k8s.deployment.name", "cart",
            "service.name", "cart",
            "service.namespace", "shop"),
        List.of(
            new Pod.Container(
                "app",
                List.of(new Pod.Run("c0-" + uid, 0), new Pod.Run("c1-" + uid, 1)),
                Map.of(
                    "k8s.container.name", "app",
                    "container.id", "c1-" + uid,
                    "container.image.repo_digests", "sha256:abc",
                    "service.version", "1.4.2",
                    "service.instance.id", "shop." + name + ".app"))),
        List.of());
  }
}
