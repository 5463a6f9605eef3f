package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Wrong values are refused with a message that names them. */
class ChartRefusalTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # a value by --set                       | what the message names
          mode=everything                          | mode
          colector.replicas=3                      | colector
          collector.replica=3                      | replica
          collector.replicas=0                     | replicas
          collector.replicas=many                  | replicas
          image.pullPolicy=Sometimes               | pullPolicy
          image.digest=sha256:abc                  | digest
          sinks.tempo.endpoint=tempo:4317          | endpoint
          sinks.loki.endpoint=http://u:p@loki:3100 | endpoint
          config.colector.tenant=a                 | colector
          config.data=/data                        | data
          processors.autoscaling.type=cpu          | type
          processors.autoscaling.cooldownSeconds=5 | cooldownSeconds
          processors.persistence.size=many         | size
          collector.resources.limits.cpu=two       | cpu
          rules.files.rules=text                   | rules
          networkPolicy.apiServer.ports[0]=70000   | ports
          metrics.serviceMonitor.interval=often    | interval
          kafka.scram.mechanism=PLAIN              | mechanism
          """)
  void schema_refuses(String value, String named) {
    String key = value.substring(0, value.indexOf('='));
    String wrong = value.substring(value.indexOf('=') + 1);

    assertThatThrownBy(() -> Chart.render("minimal", Map.of(key, wrong)))
        .hasMessageContaining("schema")
        .hasMessageContaining(named);
  }

  @Test
  void schema_refusesServersWithoutPort() throws IOException {
    refused("kafka: {bootstrapServers: [kafka]}", "schema", "bootstrapServers");
  }

  /** By these the chart's selectors find the pods. */
  @Test
  void schema_refusesLabelsThatAreTheChartsOwn() throws IOException {
    refused(
        """
        kafka: {bootstrapServers: ["kafka:9092"]}
        sinks: {podLabels: {app.kubernetes.io/component: mine}}
        """,
        "schema",
        "app.kubernetes.io/component");
  }

  @Test
  void resources_cannotBeLeftOut() throws IOException {
    refused(
        """
        kafka: {bootstrapServers: ["kafka:9092"]}
        collector: {resources: {limits: null}}
        """,
        "schema",
        "limits");
  }

  @Test
  void distributed_needsAKafka() throws IOException {
    refused("{}", "kafka.bootstrapServers is empty", "strimzi.enabled: true", "mode: allInOne");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          strimzi.enabled=true                    | strimzi.enabled
          metrics.serviceMonitor.enabled=true     | metrics.enabled: true
          metrics.prometheusRule.enabled=true     | metrics.enabled: true
          kafka.scram.enabled=true                | kafka.scram.passwordSecret
          certManager.enabled=true                | certManager.issuerRef.name
          sinks.tls.certManager=true              | certManager.enabled: true
          """)
  void contradictions_areRefused(String value, String named) {
    String key = value.substring(0, value.indexOf('='));

    assertThatThrownBy(() -> Chart.render("minimal", Map.of(key, true)))
        .hasMessageContaining(named)
        .hasMessageContaining("expected:");
  }

  @Test
  void service_isReachedFromOutsideOnlyByItsType() {
    assertThatThrownBy(() ->
            Chart.render("minimal", Map.of("collector.service.externalTrafficPolicy", "Local")))
        .hasMessageContaining("collector.service.externalTrafficPolicy is Local")
        .hasMessageContaining("expected: a type");
    assertThatThrownBy(() ->
            Chart.render(
                "minimal",
                Map.of(
                    "collector.service.type",
                    "NodePort",
                    "collector.service.loadBalancerSourceRanges[0]",
                    "192.0.2.0/24")))
        .hasMessageContaining("collector.service.loadBalancerSourceRanges is given")
        .hasMessageContaining("type is NodePort (expected: LoadBalancer");
  }

  @ParameterizedTest
  @CsvSource({
    "kafka.properties.security\\.protocol, SASL_SSL, security.protocol",
    "kafka.properties.ssl\\.truststore\\.location, /etc/trust.jks, ssl.truststore.location",
    "config.kafka.properties.sasl\\.mechanism, PLAIN, sasl.mechanism"
  })
  void scaler_cannotGoByProperties(String key, String value, String named) {
    Map<String, ?> values = Map.of(key, value, "processors.autoscaling.type", "keda");
    assertThatThrownBy(() -> Chart.render("minimal", values))
        .hasMessageContaining("does not know " + named)
        .hasMessageContaining("expected: ")
        .hasMessageContaining("processors.autoscaling.authenticationRef.name");
    Chart.render("minimal", Map.of(key, value));
  }

  @Test
  void scaler_doesNotMindPropertiesThatSayTheSame() {
    Chart.render("scram", Map.of("kafka.properties.security\\.protocol", "SASL_SSL"));
    Chart.render(
        "minimal",
        Map.of(
            "kafka.properties.security\\.protocol",
            "PLAINTEXT",
            "kafka.properties.client\\.rack",
            "a",
            "processors.autoscaling.type",
            "keda"));
  }

  @Test
  void sinks_haveOneClientCertificate() {
    assertThatThrownBy(() -> Chart.render("everything", Map.of("sinks.tls.clientSecret", "mine")))
        .hasMessageContaining("sinks.tls.certManager and sinks.tls.clientSecret");
  }

  /** Strimzi wants numbers, so the chart has to read these two itself. */
  @ParameterizedTest
  @CsvSource({
    "config.topics.retention, often",
    "config.topics.retention, 1h30",
    "config.topics.maxMessage, 2097152",
    "config.topics.maxMessage, 2Mi"
  })
  void topics_ofStrimziNeedUnits(String key, String wrong) {
    assertThatThrownBy(() -> Chart.render("everything", Map.of(key, wrong)))
        .hasMessageContaining(key + " is " + wrong + " (expected");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # two values by --set                                                 | what the message says
          processors.autoscaling.type=keda processors.autoscaling.maxReplicas=33 | processors.autoscaling.maxReplicas is 33 (expected: at most the number of partitions, 32
          processors.replicas=9 config.topics.partitions=8                       | processors.replicas is 9 (expected: at most the number of partitions, 8
          collector.autoscaling.enabled=true collector.autoscaling.minReplicas=11 | collector.autoscaling.minReplicas is 11 (expected: at most collector.autoscaling.maxReplicas, 10
          processors.autoscaling.type=hpa processors.autoscaling.maxReplicas=1   | processors.autoscaling.minReplicas is 2 (expected: at most processors.autoscaling.maxReplicas, 1
          """)
  void replicas_areOfANumberThatCanBe(String values, String message) {
    assertThatThrownBy(() -> Chart.render("minimal", set(values))).hasMessageContaining(message);
  }

  @Test
  void replicas_thatNobodyScalesNeedNoBounds() {
    Chart.render("minimal", set("collector.autoscaling.minReplicas=11"));
    Chart.render("minimal", set("processors.autoscaling.maxReplicas=33"));
    Chart.render("minimal", set("processors.autoscaling.type=keda processors.replicas=33"));
  }

  /** That the other sets of this mode render shows that the defaults are known as they are. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "collector.replicas=3",
        "collector.autoscaling.enabled=true",
        "processors.replicas=1",
        "processors.autoscaling.type=hpa",
        "processors.persistence.enabled=false",
        "sinks.replicas=1",
        "sinks.persistence.enabled=true",
        "control.replicas=1"
      })
  void onePod_hasNoUseForValuesOfSeveral(String value) {
    assertThatThrownBy(() -> Chart.render("edge", set(value)))
        .hasMessageContaining(value.replace("=", " is ") + ", which does nothing in mode allInOne")
        .hasMessageContaining("expected: ");
  }

  private static Map<String, ?> set(String values) {
    return Stream.of(values.split(" "))
        .map(value -> value.split("=", 2))
        .collect(Collectors.toMap(value -> value[0], value -> value[1]));
  }

  /** What the schema lets through unread would be a value that does nothing. */
  @Test
  void schema_isStrictEverywhereAndKnowsEveryValue() throws IOException {
    JsonNode schema =
        JsonMapper.shared()
            .readTree(Files.readString(Chart.DIRECTORY.resolve("values.schema.json")));
    JsonNode values =
        YAMLMapper.builder()
            .build()
            .readTree(Files.readString(Chart.DIRECTORY.resolve("values.yaml")));

    checkStrict("", schema);
    checkKnown("", schema, values, schema.path("$defs"));
  }

  private static void checkStrict(String path, JsonNode schema) {
    if (schema.path("type").asString("").equals("object") && schema.has("properties")) {
      assertThat(schema.path("additionalProperties").isBoolean()).as("%s is strict", path).isTrue();
      assertThat(schema.path("additionalProperties").asBoolean()).as("%s", path).isFalse();
    }
    schema
        .properties()
        .forEach(entry -> checkStrict(path + "/" + entry.getKey(), entry.getValue()));
  }

  /** Each value has a place in the schema, and each place but {@code global} has a default. */
  private static void checkKnown(String path, JsonNode schema, JsonNode value, JsonNode defs) {
    JsonNode resolved =
        schema.has("$ref")
            ? defs.path(schema.path("$ref").asString().replace("#/$defs/", ""))
            : schema;
    if (!resolved.has("properties")) {
      return;
    }
    resolved
        .path("properties")
        .properties()
        .forEach(entry -> {
          String at = path + "." + entry.getKey();
          boolean optional = at.equals(".global") || path.equals(".config");
          if (!optional) {
            assertThat(value.has(entry.getKey())).as("a default for %s", at).isTrue();
            checkKnown(at, entry.getValue(), value.path(entry.getKey()), defs);
          }
        });
  }

  private void refused(String yaml, String... named) throws IOException {
    Path values = Files.writeString(directory.resolve("values.yaml"), yaml);
    assertThatThrownBy(() -> Chart.text(Chart.DIRECTORY, values, Map.of()))
        .satisfies(failure -> assertThat(failure.getMessage()).contains(named));
  }
}
