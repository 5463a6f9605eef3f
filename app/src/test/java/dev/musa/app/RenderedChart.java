package dev.musa.app;

import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The Helm chart with one of the sets of values that its own tests have, as documents. */
record RenderedChart(List<JsonNode> documents) {
  private static final Path K8S = Path.of("..", "k8s");
  private static final Path VALUES = K8S.resolve(Path.of("src", "test", "resources", "values"));

  static List<String> valueSets() {
    try (Stream<Path> files = Files.list(VALUES)) {
      return files
          .map(file -> file.getFileName().toString().replace(".yaml", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RenderedChart of(String valueSet) {
    String text =
        new Helm(K8S.resolve("chart"))
            .template()
            .withName("musa")
            .withNamespace("telemetry")
            .withKubeVersion("1.30.0")
            .withValuesFile(VALUES.resolve(valueSet + ".yaml"))
            .call();
    List<JsonNode> documents = new ArrayList<>();
    YAMLMapper yaml = YAMLMapper.builder().build();
    try (MappingIterator<JsonNode> each = yaml.readerFor(JsonNode.class).readValues(text)) {
      each.forEachRemaining(documents::add);
    }
    return new RenderedChart(documents);
  }

  Stream<JsonNode> all(String kind) {
    return documents.stream().filter(document -> document.path("kind").asString("").equals(kind));
  }

  /** Each musa.yaml by the name of its ConfigMap. */
  Stream<Map.Entry<String, String>> configurations() {
    return all("ConfigMap")
        .filter(map -> map.path("data").has("musa.yaml"))
        .map(map ->
            Map.entry(
                map.path("metadata").path("name").asString(),
                map.path("data").path("musa.yaml").asString()));
  }

  /** The containers of every Deployment and StatefulSet. */
  Stream<JsonNode> containers() {
    return Stream.concat(all("Deployment"), all("StatefulSet"))
        .flatMap(each -> {
          JsonNode containers = each.at("/spec/template/spec/containers");
          return StreamSupport.stream(containers.spliterator(), false);
        });
  }
}
