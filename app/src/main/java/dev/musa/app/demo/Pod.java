package dev.musa.app.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One replica of a service: what the Kubernetes attributes of its resource say. */
record Pod(Service service, String name, String ip, String node) {

  /** Every pod of the shop; the GPU node runs the model alone. */
  static List<Pod> all() {
    List<Pod> pods = new ArrayList<>();
    for (Service service : Service.values()) {
      for (int replica = 0; replica < service.replicas; replica++) {
        boolean gpu = service == Service.PREDICTION;
        String name = service.label + (gpu ? "-" : "-7c9d5b8f64-x") + replica;
        String ip = "10.42." + (gpu ? "0.155" : "1." + (20 + pods.size()));
        pods.add(new Pod(service, name, ip, gpu ? "melchior" : "balthasar"));
      }
    }
    return List.copyOf(pods);
  }

  Resource resource() {
    UUID uid = UUID.nameUUIDFromBytes(name.getBytes(UTF_8));
    String containerId = uid.toString().replace("-", "").repeat(2);
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.builder()
                    .put("service.name", service.label)
                    .put("service.namespace", "shop")
                    .put("service.version", "1.4.2")
                    .put("service.instance.id", name)
                    .put("k8s.cluster.name", "demo")
                    .put("k8s.namespace.name", service.namespace)
                    .put("k8s.deployment.name", service.label)
                    .put("k8s.pod.name", name)
                    .put("k8s.pod.uid", uid.toString())
                    .put("k8s.pod.ip", ip)
                    .put("k8s.node.name", node)
                    .put("k8s.container.name", service.label)
                    .put("container.id", containerId)
                    .put("process.runtime.name", service.language)
                    .build()));
  }
}
