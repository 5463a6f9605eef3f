package dev.musa.k8s.chart;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Kubernetes objects, read strictly: a field that the API does not have, or one that is there
 * twice, is an error. What Kubernetes itself does not define is read as it is.
 */
record Manifests(List<HasMetadata> objects) {
  private static final KubernetesSerialization KINDS = new KubernetesSerialization();

  private static final YAMLMapper STRICT =
      YAMLMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .annotationIntrospector(new WithoutAnySetter())
          .build();

  /** For custom resources, which have any field. */
  private static final YAMLMapper LENIENT = YAMLMapper.builder().build();

  /** The model keeps unknown fields aside; here they have to fail. */
  private static final class WithoutAnySetter extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public Boolean hasAnySetter(MapperConfig<?> config, Annotated annotated) {
      return false;
    }
  }

  static Manifests parse(String yaml) {
    List<HasMetadata> objects = new ArrayList<>();
    try (MappingIterator<JsonNode> documents = STRICT.readerFor(JsonNode.class).readValues(yaml)) {
      while (documents.hasNext()) {
        JsonNode document = documents.next();
        if (!document.isNull() && !document.isMissingNode()) {
          objects.add(object(document));
        }
      }
    }
    return new Manifests(objects);
  }

  private static HasMetadata object(JsonNode document) {
    String version = document.path("apiVersion").asString();
    String kind = document.path("kind").asString();
    Class<? extends KubernetesResource> known =
        KINDS.getRegisteredKubernetesResource(version, kind);
    if (known == null || known == GenericKubernetesResource.class) {
      return LENIENT.treeToValue(document, GenericKubernetesResource.class);
    }
    return (HasMetadata) STRICT.treeToValue(document, known);
  }

  <T extends HasMetadata> List<T> all(Class<T> type) {
    return objects.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <T extends HasMetadata> T one(Class<T> type, String name) {
    return all(type).stream()
        .filter(each -> each.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
  }

  boolean has(Class<? extends HasMetadata> type, String name) {
    return all(type).stream().anyMatch(each -> each.getMetadata().getName().equals(name));
  }

  /** The custom resources of a kind. */
  List<GenericKubernetesResource> custom(String kind) {
    return all(GenericKubernetesResource.class).stream()
        .filter(each -> each.getKind().equals(kind))
        .toList();
  }

  /** What has pods. */
  List<Workload> workloads() {
    return objects.stream().flatMap(object -> Workload.of(object).stream()).toList();
  }

  Workload workload(String part) {
    return workloads().stream()
        .filter(each -> part.equals(each.labels().get("app.kubernetes.io/component")))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no workload for " + part));
  }

  /** The musa.yaml of a part. */
  String config(String part) {
    return one(ConfigMap.class, "musa-" + part).getData().get("musa.yaml");
  }
}
