package dev.musa.benchmarks.payload;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.metadata.Pod;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What Kubernetes would say of the pods that send. */
public final class BenchPods {
  /** As collectors stamp unless they are told another one. */
  public static final String CLUSTER = "default";

  /** An attribute that no request of the bench has, so that who has it was joined to its pod. */
  public static final String ONLY_OF_PODS = "k8s.cluster.uid";

  private static final String UID = "k8s.pod.uid";
  private static final long CREATED = 1_700_000_000_000L;
  private static final int PODS_PER_DEPLOYMENT = 20;

  private BenchPods() {}

  /** Those whose uid stands in these requests with spans. */
  public static List<Pod> of(List<byte[]> requests) {
    Map<String, Pod> pods = new LinkedHashMap<>();
    for (byte[] request : requests) {
      for (ResourceSpans spans : parse(request).getResourceSpansList()) {
        Map<String, String> sent = attributes(spans.getResource());
        String uid = sent.get(UID);
        if (uid == null) {
          throw new StartupException(
              "a resource of the payload has no %s (expected: one, which takes resourceAttributes of at least 10)"
                  .formatted(UID));
        }
        pods.computeIfAbsent(
            uid,
            _ ->
                pod(
                    uid,
                    sent.getOrDefault("k8s.pod.name", uid),
                    sent.getOrDefault("k8s.deployment.name", "none"),
                    pods.size()));
      }
    }
    return List.copyOf(pods.values());
  }

  /** Any pod. */
  public static Pod other(int number) {
    String deployment = "deployment-" + number / PODS_PER_DEPLOYMENT;
    UUID uid = new UUID(number * 0x9e3779b97f4a7c15L, number);
    String name = "%s-7d9c5b8f6d-%05x".formatted(deployment, number);
    return pod(uid.toString(), name, deployment, number + (1 << 16));
  }

  private static Pod pod(String uid, String name, String deployment, int number) {
    String ip = "10.%d.%d.%d".formatted(number >> 16 & 255, number >> 8 & 255, number & 255);
    String namespace = "namespace-" + deployment.hashCode() % 50;
    String node = "node-" + number / 50;
    Map<String, String> attributes = new HashMap<>();
    attributes.put("k8s.cluster.name", "edge-17");
    attributes.put(ONLY_OF_PODS, "0b7e6e0c-9a52-4ad9-8a6e-2f8c1a0e4a11");
    attributes.put(UID, uid);
    attributes.put("k8s.pod.name", name);
    attributes.put("k8s.pod.start_time", "2026-03-01T10:%02d:%02dZ".formatted(number % 60, 7));
    attributes.put("k8s.namespace.name", namespace);
    attributes.put("k8s.node.name", node);
    attributes.put("k8s.deployment.name", deployment);
    attributes.put("service.name", deployment);
    attributes.put("service.namespace", namespace);
    String container = uid.replace("-", "").repeat(2);
    return new Pod(
        CLUSTER,
        uid,
        name,
        namespace,
        node,
        List.of(new Pod.Address(ip, CREATED, 0)),
        false,
        CREATED,
        0,
        attributes,
        List.of(
            new Pod.Container(
                "app",
                List.of(new Pod.Run(container, 0)),
                Map.of(
                    "k8s.container.name", "app",
                    "service.version", "1.4." + deployment.hashCode() % 10,
                    "service.instance.id", namespace + "." + name + ".app"))),
        List.of(
            new Pod.Owner("ReplicaSet", deployment + "-7d9c5b8f6d", "r-" + deployment),
            new Pod.Owner("Deployment", deployment, "d-" + deployment)));
  }

  private static Map<String, String> attributes(Resource resource) {
    Map<String, String> attributes = new HashMap<>();
    for (KeyValue each : resource.getAttributesList()) {
      attributes.put(each.getKey(), each.getValue().getStringValue());
    }
    return attributes;
  }

  private static ExportTraceServiceRequest parse(byte[] request) {
    try {
      return ExportTraceServiceRequest.parseFrom(request);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the pool holds a request that is none", e);
    }
  }
}
