package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The bases for Kustomize are what the chart renders to, a file for each template. {@code
 * kustomize/generate} lets this test write them.
 */
class ChartKustomizeTest {
  private static final boolean WRITE = Boolean.getBoolean("musa.kustomize.write");
  private static final Path KUSTOMIZE = Path.of("kustomize");
  private static final Path EXAMPLE = KUSTOMIZE.resolve("example");
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  private static final Pattern SOURCE = Pattern.compile("# Source: musa/templates/([a-z]+\\.yaml)");

  /** What only Helm reads, or is of use to it alone. */
  private static final Pattern OF_HELM =
      Pattern.compile(
          " *(helm\\.sh/chart|app\\.kubernetes\\.io/managed-by|checksum/config|"
              + "# A changed musa\\.yaml needs).*\n");

  @ParameterizedTest
  @ValueSource(strings = {"distributed", "all-in-one"})
  void base_isCurrent(String base) throws IOException {
    SortedMap<String, String> expected = rendered(base);
    Path directory = KUSTOMIZE.resolve(base);
    if (WRITE) {
      write(directory, expected);
    }

    assertThat(files(directory))
        .as("run k8s/kustomize/generate and commit what it changes")
        .isEqualTo(expected);
    assertThat(String.join("", expected.values())).doesNotContain("Helm", "helm.sh");
  }

  /** The example replaces the whole musa.yaml of the base. */
  @Test
  void example_tellsControlWhatTheBaseDoes() throws IOException {
    ConfigMap base =
        Manifests.parse(Files.readString(KUSTOMIZE.resolve("distributed/configmaps.yaml")))
            .one(ConfigMap.class, "musa-control");
    JsonNode told = YAML.readTree(base.getData().get("musa.yaml")).path("kubernetes");
    JsonNode example =
        YAML.readTree(Files.readString(EXAMPLE.resolve("musa.yaml"))).path("kubernetes");

    for (String key : List.of("cluster", "rulesConfigMap", "processorsStatefulSet")) {
      assertThat(told.path(key).isString()).as(key).isTrue();
      assertThat(example.path(key)).as(key).isEqualTo(told.path(key));
    }
  }

  @Test
  void example_patchesThePortOfKafka() throws IOException {
    JsonNode patch =
        YAML.readTree(Files.readString(EXAMPLE.resolve("kustomization.yaml")))
            .path("patches")
            .path(0);
    NetworkPolicy target =
        Manifests.parse(Files.readString(KUSTOMIZE.resolve("distributed/networkpolicies.yaml")))
            .one(NetworkPolicy.class, patch.path("target").path("name").asString());

    assertThat(target.getSpec().getEgress())
        .singleElement()
        .satisfies(rule -> assertThat(rule.getPorts()).hasSize(1));
    assertThat(YAML.readTree(patch.path("patch").asString()).path(0).path("path").asString())
        .isEqualTo("/spec/egress/0/ports/0/port");
  }

  private static SortedMap<String, String> rendered(String base) {
    Path values = KUSTOMIZE.resolve("values-" + base + ".yaml");
    SortedMap<String, String> files = new TreeMap<>();
    for (String document : Chart.text(Chart.DIRECTORY, values, Map.of()).split("(?m)^---\n", -1)) {
      var source = SOURCE.matcher(document);
      if (source.find()) {
        String text =
            OF_HELM.matcher(document.substring(source.end()).strip() + "\n").replaceAll("");
        files.merge(source.group(1), text, (first, next) -> first + "---\n" + next);
      }
    }
    String resources =
        files.keySet().stream().map(name -> "  - " + name + "\n").collect(Collectors.joining());
    files.replaceAll((_, text) -> "# Made by k8s/kustomize/generate from k8s/chart.\n" + text);
    files.put(
        "kustomization.yaml",
        "# Made by k8s/kustomize/generate from k8s/chart.\n"
            + "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n"
            + resources);
    return files;
  }

  private static SortedMap<String, String> files(Path directory) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(directory)) {
      for (Path file : list.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return files;
  }

  private static void write(Path directory, SortedMap<String, String> files) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> old = Files.list(directory)) {
      old.filter(file -> !files.containsKey(file.getFileName().toString()))
          .forEach(ChartKustomizeTest::delete);
    }
    for (var file : files.entrySet()) {
      Files.writeString(directory.resolve(file.getKey()), file.getValue());
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
