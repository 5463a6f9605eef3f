package dev.musa.benchmarks.payload;

import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The pods that send, each with a resource of its own. */
final class Resources {
  private static final List<String> SERVICES =
      List.of(
          "frontend",
          "checkout",
          "payment",
          "cart",
          "catalog",
          "shipping",
          "currency",
          "quote",
          "email",
          "recommendation");
  static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder().setName("dev.musa.bench").setVersion("1.0.0").build();

  private final List<List<Resource>> pods = new ArrayList<>();
  private final Words words;

  Resources(Words words, int services, int podsOfEach, int attributes) {
    this.words = words;
    for (int service = 0; service < services; service++) {
      List<Resource> of = new ArrayList<>();
      for (int pod = 0; pod < podsOfEach; pod++) {
        of.add(resource(service, attributes));
      }
      pods.add(of);
    }
  }

  /** Some pod of this service. */
  Resource of(int service) {
    List<Resource> candidates = pods.get(service);
    return candidates.get(words.random().nextInt(candidates.size()));
  }

  Resource any() {
    return of(words.random().nextInt(pods.size()));
  }

  private Resource resource(int service, int attributes) {
    String name = service < SERVICES.size() ? SERVICES.get(service) : "service-" + service;
    String uid = new UUID(words.random().nextLong(), words.random().nextLong()).toString();
    String pod = name + "-" + uid.substring(0, 8) + "-" + uid.substring(9, 13);
    List<KeyValue> all =
        new ArrayList<>(
            List.of(
                Words.attribute("service.name", name),
                Words.attribute("service.namespace", "shop"),
                Words.attribute("service.instance.id", uid),
                Words.attribute("service.version", "2." + service + ".1"),
                Words.attribute("deployment.environment.name", "prod"),
                Words.attribute("k8s.cluster.name", "edge-17"),
                Words.attribute("k8s.namespace.name", "shop"),
                Words.attribute("k8s.deployment.name", name),
                Words.attribute("k8s.pod.name", pod),
                Words.attribute("k8s.pod.uid", uid),
                Words.attribute("k8s.node.name", "node-" + words.random().nextInt(12)),
                Words.attribute("telemetry.sdk.language", "java")));
    for (int i = all.size(); i < attributes; i++) {
      all.add(Words.attribute("k8s.pod.label." + i, words.word()));
    }
    return Resource.newBuilder().addAllAttributes(all.subList(0, attributes)).build();
  }
}
