package dev.musa.k8s.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The template in a chart of nothing else, so that it is clear which values it needs. */
class GrafanaTemplateTest {
  private static final Path CHART = Path.of("chart");
  private static final String OFF =
      """
      grafana:
        namespace: ""
        dashboards: {enabled: false, label: {name: grafana_dashboard, value: "1"}}
        datasources:
          enabled: false
          label: {name: grafana_datasource, value: "1"}
          prometheus: {url: "", orgId: ""}
          loki: {url: "", orgId: ""}
          tempo: {url: "", orgId: ""}
      tenant: payments
      config: {}
      """;
  private static final String HELPERS =
      """
      {{- define "musa.fullname" -}}{{ .Release.Name }}{{- end }}
      {{- define "musa.labels" -}}
      app.kubernetes.io/instance: {{ .root.Release.Name }}
      {{- end }}
      """;

  /** Dollars that Grafana replaces by its environment; two are one. */
  private static final Pattern FROM_ENVIRONMENT = Pattern.compile("(?<!\\$)\\$\\{(\\w+)}");

  @TempDir Path chart;

  @BeforeEach
  void copy() throws IOException {
    Files.writeString(chart.resolve("Chart.yaml"), "{apiVersion: v2, name: musa, version: 1.0.0}");
    Files.writeString(chart.resolve("values.yaml"), OFF);
    Files.createDirectories(chart.resolve("templates"));
    Files.writeString(chart.resolve("templates/_helpers.tpl"), HELPERS);
    for (String file : List.of("templates/grafana.yaml", "datasources.yaml")) {
      Files.copy(CHART.resolve(file), chart.resolve(file));
    }
    Files.createDirectories(chart.resolve("dashboards"));
    try (Stream<Path> boards = Files.list(CHART.resolve("dashboards"))) {
      for (Path board : boards.toList()) {
        Files.copy(board, chart.resolve("dashboards").resolve(board.getFileName()));
      }
    }
  }

  @Test
  void off_thereIsNothing() {
    assertThat(render()).isEmpty();
  }

  @Test
  void dashboards_areAsTheFilesAre() throws IOException {
    Map<String, ConfigMap> maps = render("grafana.dashboards.enabled=true");

    assertThat(maps.keySet())
        .containsExactly(
            "test-dashboard-logs",
            "test-dashboard-metrics",
            "test-dashboard-musa",
            "test-dashboard-traces");
    ConfigMap map = maps.get("test-dashboard-musa");
    assertThat(map.getMetadata().getNamespace()).isEqualTo("here");
    assertThat(map.getMetadata().getLabels())
        .containsEntry("grafana_dashboard", "1")
        .containsEntry("app.kubernetes.io/instance", "test");
    JsonMapper json = new JsonMapper();
    assertThat(json.readTree(map.getData().get("here-test-musa.json")))
        .isEqualTo(json.readTree(Files.readString(CHART.resolve("dashboards/musa.json"))));
  }

  @Test
  void datasources_thatHaveAnAddressAreThere_withTheirLinks() {
    Map<String, ConfigMap> maps =
        render(
            "grafana.datasources.enabled=true",
            "grafana.namespace=monitoring",
            "grafana.datasources.prometheus.url=http://prometheus:9090",
            "grafana.datasources.tempo.url=http://tempo:3200");

    ConfigMap map = maps.get("test-datasources");
    assertThat(maps).hasSize(1);
    assertThat(map.getMetadata().getNamespace()).isEqualTo("monitoring");
    assertThat(map.getMetadata().getLabels()).containsEntry("grafana_datasource", "1");
    List<JsonNode> sources =
        sources(new YAMLMapper().readTree(map.getData().get("here-test-datasources.yaml")));
    assertThat(sources.stream().map(source -> source.path("url").asString()))
        .containsExactly("http://prometheus:9090", "http://tempo:3200");
    assertThat(sources.getLast().path("jsonData").path("tracesToLogsV2").path("query").asString())
        .isEqualTo("{$${__tags}} | trace_id = \"$${__trace.traceId}\"");
  }

  /** The sinks write as the tenant unless told otherwise: what reads as nobody finds nothing. */
  @Test
  void datasources_askAsTheSinksSend() {
    String[] urls = {
      "grafana.datasources.enabled=true",
      "grafana.datasources.prometheus.url=http://prometheus:9090",
      "grafana.datasources.loki.url=http://loki:3100",
      "grafana.datasources.tempo.url=http://tempo:3200"
    };
    assertThat(orgIds(urls)).containsExactly("", "payments", "payments");
    assertThat(orgIds(urls, "config.sinks.loki.orgId=of-{tenant}", "tenant=a$b"))
        .containsExactly("", "of-a$$b", "a$$b");
    assertThat(orgIds(urls, "config.sinks.tempo.orgId=")).containsExactly("", "payments", "");
    assertThat(
            orgIds(
                urls,
                "grafana.datasources.prometheus.orgId=shop",
                "grafana.datasources.loki.orgId=payments|shop"))
        .containsExactly("shop", "payments|shop", "payments");
  }

  private List<String> orgIds(String[] values, String... more) {
    String[] all = Stream.concat(Stream.of(values), Stream.of(more)).toArray(String[]::new);
    String file = render(all).get("test-datasources").getData().get("here-test-datasources.yaml");
    return sources(new YAMLMapper().readTree(file)).stream()
        .map(source -> {
          String value = source.path("secureJsonData").path("httpHeaderValue1").asString("");
          assertThat(source.path("jsonData").path("httpHeaderName1").asString(""))
              .isEqualTo(value.isEmpty() ? "" : "X-Scope-OrgID");
          return value;
        })
        .toList();
  }

  @Test
  void datasources_withoutAnyAddress_areRefused() {
    assertThatThrownBy(() -> render("grafana.datasources.enabled=true"))
        .hasMessageContaining("grafana.datasources.prometheus.url");
  }

  @Test
  void datasources_linkToEachOther() throws IOException {
    String text = Files.readString(CHART.resolve("datasources.yaml"));
    List<JsonNode> sources = sources(new YAMLMapper().readTree(text));
    List<String> uids = sources.stream().map(source -> source.path("uid").asString()).toList();

    assertThat(uids).containsExactly("musa-prometheus", "musa-loki", "musa-tempo");
    for (JsonNode source : sources) {
      assertThat(source.path("jsonData").findValuesAsString("datasourceUid"))
          .isNotEmpty()
          .isSubsetOf(uids)
          .doesNotContain(source.path("uid").asString());
    }
    JsonNode derived = sources.get(1).path("jsonData").path("derivedFields").get(0);
    assertThat(derived.path("matcherType").asString()).isEqualTo("label");
    assertThat(derived.path("matcherRegex").asString()).isEqualTo("trace_id");
    JsonNode tag = sources.get(2).path("jsonData").path("tracesToLogsV2").path("tags").get(0);
    assertThat(tag.path("key").asString()).isEqualTo("service.name");
    assertThat(tag.path("value").asString()).isEqualTo("service_name");
    // Grafana would replace any other by nothing.
    Matcher variable = FROM_ENVIRONMENT.matcher(text);
    assertThat(variable.results().map(found -> found.group(1)))
        .containsExactly("MUSA_PROMETHEUS_URL", "MUSA_LOKI_URL", "MUSA_TEMPO_URL");
  }

  private static List<JsonNode> sources(JsonNode file) {
    return file.path("datasources").valueStream().toList();
  }

  private Map<String, ConfigMap> render(String... values) {
    var template = new Helm(chart).template().withName("test").withNamespace("here");
    for (String value : values) {
      String[] parts = value.split("=", 2);
      template = template.set(parts[0], parts[1]);
    }
    // Null if all is switched off.
    String rendered = Objects.requireNonNullElse(template.call(), "");
    Map<String, ConfigMap> maps = new TreeMap<>();
    for (String document : rendered.split("(?m)^---$", -1)) {
      if (document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#"))) {
        ConfigMap map = Serialization.unmarshal(document, ConfigMap.class);
        maps.put(map.getMetadata().getName(), map);
      }
    }
    return maps;
  }
}
