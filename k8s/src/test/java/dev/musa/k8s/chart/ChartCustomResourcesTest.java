package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The objects of Strimzi, cert-manager, trust-manager, KEDA and Prometheus' operator. */
class ChartCustomResourcesTest {

  /** Version and the fields of {@code spec} that the operators have and the chart uses, by kind. */
  private static final Map<String, Map.Entry<String, Set<String>>> KNOWN =
      Map.of(
          "Kafka", Map.entry("kafka.strimzi.io/v1", Set.of("kafka", "entityOperator")),
          "KafkaNodePool",
              Map.entry("kafka.strimzi.io/v1", Set.of("replicas", "roles", "storage", "resources")),
          "KafkaTopic",
              Map.entry("kafka.strimzi.io/v1", Set.of("partitions", "replicas", "config")),
          "KafkaUser", Map.entry("kafka.strimzi.io/v1", Set.of("authentication", "authorization")),
          "Certificate",
              Map.entry(
                  "cert-manager.io/v1",
                  Set.of(
                      "secretName",
                      "issuerRef",
                      "duration",
                      "renewBefore",
                      "commonName",
                      "dnsNames",
                      "usages",
                      "privateKey")),
          "Bundle", Map.entry("trust.cert-manager.io/v1alpha1", Set.of("sources", "target")),
          "ServiceMonitor",
              Map.entry(
                  "monitoring.coreos.com/v1", Set.of("selector", "namespaceSelector", "endpoints")),
          "PrometheusRule", Map.entry("monitoring.coreos.com/v1", Set.of("groups")),
          "ScaledObject",
              Map.entry(
                  "keda.sh/v1alpha1",
                  Set.of(
                      "scaleTargetRef",
                      "minReplicaCount",
                      "maxReplicaCount",
                      "cooldownPeriod",
                      "advanced",
                      "triggers")),
          "TriggerAuthentication",
              Map.entry("keda.sh/v1alpha1", Set.of("secretTargetRef", "configMapTargetRef")));

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void customResources_haveKnownFields(String valueSet) {
    for (var resource : Chart.render(valueSet).all(GenericKubernetesResource.class)) {
      var known = KNOWN.get(resource.getKind());
      assertThat(known).as(resource.getKind()).isNotNull();
      assertThat(resource.getApiVersion()).isEqualTo(known.getKey());
      Map<String, Object> spec = resource.get("spec");
      assertThat(known.getValue()).as(resource.getKind()).containsAll(spec.keySet());
      assertThat(resource.getAdditionalProperties()).containsOnlyKeys("spec");
    }
  }

  @Test
  void everything_hasEveryKind() {
    assertThat(Chart.render("everything").all(GenericKubernetesResource.class))
        .extracting(GenericKubernetesResource::getKind)
        .containsAll(KNOWN.keySet());
  }

  @Test
  void minimal_needsNoOperator() {
    assertThat(Chart.render("minimal").all(GenericKubernetesResource.class)).isEmpty();
    assertThat(Chart.render("openshift").all(GenericKubernetesResource.class))
        .extracting(GenericKubernetesResource::getKind)
        .containsExactly("ServiceMonitor");
  }

  @Test
  void kafka_letsInOnlyWhoHasACertificateAndMayOnlyWhatMusaNeeds() {
    Manifests manifests = Chart.render("everything");
    GenericKubernetesResource kafka = manifests.custom("Kafka").getFirst();

    assertThat(kafka.<String>get("spec", "kafka", "authorization", "type")).isEqualTo("simple");
    List<Map<String, Object>> listeners = kafka.get("spec", "kafka", "listeners");
    assertThat(listeners)
        .singleElement()
        .isEqualTo(
            Map.of(
                "name",
                "tls",
                "port",
                9093,
                "type",
                "internal",
                "tls",
                true,
                "authentication",
                Map.of("type", "tls")));
    assertThat(kafka.<Boolean>get("spec", "kafka", "config", "auto.create.topics.enable"))
        .isFalse();

    GenericKubernetesResource pool = manifests.custom("KafkaNodePool").getFirst();
    assertThat(pool.getMetadata().getLabels())
        .containsEntry("strimzi.io/cluster", kafka.getMetadata().getName());
    assertThat(pool.<List<String>>get("spec", "roles")).containsExactly("controller", "broker");

    GenericKubernetesResource user = manifests.custom("KafkaUser").getFirst();
    assertThat(user.<String>get("spec", "authentication", "type")).isEqualTo("tls");
    List<Map<String, Object>> acls = user.get("spec", "authorization", "acls");
    assertThat(acls)
        .allSatisfy(acl -> assertThat(acl).containsOnlyKeys("resource", "operations", "host"))
        .noneMatch(acl -> acl.get("operations").toString().contains("All"));
  }

  @Test
  void singleTenant_mayOnlyTouchWhatIsItsOwn() {
    GenericKubernetesResource user = Chart.render("single-tenant").custom("KafkaUser").getFirst();

    assertThat(user.<String>get("spec", "authentication", "type")).isEqualTo("scram-sha-512");
    List<Map<String, Map<String, String>>> acls = user.get("spec", "authorization", "acls");
    assertThat(acls)
        .filteredOn(acl -> acl.get("resource").get("type").equals("topic"))
        .extracting(acl -> acl.get("resource").get("name"))
        .containsExactly("payments");
  }

  @Test
  void certificates_areOfTheKindThatMusaReads() {
    Manifests manifests = Chart.render("everything");

    assertThat(manifests.custom("Certificate"))
        .extracting(each -> each.getMetadata().getName())
        .containsExactlyInAnyOrder("musa-sinks", "musa-metrics");
    for (var certificate : manifests.custom("Certificate")) {
      assertThat(certificate.<String>get("spec", "privateKey", "encoding")).isEqualTo("PKCS8");
      assertThat(certificate.<String>get("spec", "issuerRef", "name")).isEqualTo("platform");
    }
    GenericKubernetesResource kafka =
        Chart.render("external-kafka-mtls").custom("Certificate").stream()
            .filter(each -> each.getMetadata().getName().equals("musa-kafka"))
            .findFirst()
            .orElseThrow();
    assertThat(kafka.<String>get("spec", "commonName")).isEqualTo("musa-production");
    assertThat(kafka.<List<String>>get("spec", "usages")).contains("client auth");
    assertThat(Chart.render("no-cert-manager").custom("Certificate")).isEmpty();
    assertThat(Chart.render("external-kafka-mtls").custom("Certificate"))
        .as("for the backends only if asked for")
        .extracting(each -> each.getMetadata().getName())
        .containsExactly("musa-kafka");
  }

  @Test
  void monitor_findsTheServiceAndHasTheLabelsOfTheValues() {
    Manifests manifests = Chart.render("everything");
    GenericKubernetesResource monitor = manifests.custom("ServiceMonitor").getFirst();

    assertThat(monitor.getMetadata().getLabels()).containsEntry("release", "kube-prometheus-stack");
    Map<String, String> selector = monitor.get("spec", "selector", "matchLabels");
    assertThat(manifests.all(io.fabric8.kubernetes.api.model.Service.class))
        .filteredOn(service ->
            service.getMetadata().getLabels().entrySet().containsAll(selector.entrySet()))
        .singleElement()
        .satisfies(service ->
            assertThat(service.getSpec().getPorts().getFirst().getName())
                .isEqualTo(monitor.<String>get("spec", "endpoints", 0, "port")));
    assertThat(monitor.<String>get("spec", "endpoints", 0, "tlsConfig", "serverName"))
        .isEqualTo("musa-metrics.telemetry.svc");

    GenericKubernetesResource unsigned =
        Chart.render("no-cert-manager").custom("ServiceMonitor").getFirst();
    assertThat(unsigned.<Boolean>get("spec", "endpoints", 0, "tlsConfig", "insecureSkipVerify"))
        .isTrue();
    assertThat(unsigned.<Map<String, Object>>get("spec", "endpoints", 0))
        .containsKey("bearerTokenFile")
        .doesNotContainKey("authorization");
    GenericKubernetesResource token =
        Chart.render("openshift-metrics").custom("ServiceMonitor").getFirst();
    assertThat(token.<Map<String, Object>>get("spec", "endpoints", 0))
        .containsEntry(
            "authorization",
            Map.of("type", "Bearer", "credentials", Map.of("name", "musa-scraper", "key", "token")))
        .doesNotContainKey("bearerTokenFile");
    GenericKubernetesResource plain = Chart.render("openshift").custom("ServiceMonitor").getFirst();
    assertThat(plain.<Map<String, Object>>get("spec", "endpoints", 0))
        .containsEntry("scheme", "http")
        .doesNotContainKeys("bearerTokenFile", "tlsConfig");
  }

  @Test
  void alerts_sayWhatIsWrongAndWhatToDo() {
    for (String valueSet : List.of("everything", "edge")) {
      GenericKubernetesResource rule = Chart.render(valueSet).custom("PrometheusRule").getFirst();
      List<Map<String, Object>> alerts = rule.get("spec", "groups", 0, "rules");
      assertThat(alerts)
          .extracting(alert -> alert.get("alert"))
          .doesNotHaveDuplicates()
          .contains("MusaLedgerUnbalanced", "MusaItemsExpired");
      for (Map<String, Object> alert : alerts) {
        assertThat(alert).containsOnlyKeys("alert", "expr", "for", "labels", "annotations");
        assertThat((Map<?, ?>) alert.get("annotations"))
            .hasSize(2)
            .allSatisfy((_, text) -> assertThat(text.toString()).isNotBlank());
        assertThat(((Map<?, ?>) alert.get("labels")).get("severity")).isIn("critical", "warning");
        assertThat(alert.get("expr").toString())
            .contains("musa_", "{namespace=\"telemetry\"")
            .doesNotContain("{{");
      }
    }
  }

  @Test
  void alerts_areOfWhatIsOn() {
    assertThat(alerts("everything", Map.of()))
        .contains("MusaControlLeaderless", "MusaKubernetesUnwatched")
        .doesNotContain("MusaNodeDown");
    assertThat(alerts("everything", Map.of("rbac.cluster", false)))
        .contains("MusaControlLeaderless")
        .doesNotContain("MusaKubernetesUnwatched");
    assertThat(alerts("everything", Map.of("config.kubernetes.lease.enabled", false)))
        .contains("MusaKubernetesUnwatched")
        .doesNotContain("MusaControlLeaderless");
    assertThat(alerts("edge", Map.of()))
        .contains("MusaKubernetesUnwatched", "MusaNodeDown")
        .doesNotContain("MusaControlLeaderless");
  }

  private static List<String> alerts(String valueSet, Map<String, ?> set) {
    GenericKubernetesResource rule =
        Chart.render(valueSet, set).custom("PrometheusRule").getFirst();
    List<Map<String, Object>> alerts = rule.get("spec", "groups", 0, "rules");
    return alerts.stream().map(alert -> alert.get("alert").toString()).toList();
  }

  @Test
  void scaler_asksKafkaAsTheProcessorsDo() {
    Manifests scram = Chart.render("scram");
    GenericKubernetesResource scaled = scram.custom("ScaledObject").getFirst();
    List<Map<String, Map<String, Object>>> triggers = scaled.get("spec", "triggers");

    assertThat(scaled.<String>get("spec", "scaleTargetRef", "name")).isEqualTo("musa-processors");
    assertThat(scaled.<Integer>get("spec", "minReplicaCount")).isPositive();
    assertThat(triggers)
        .extracting(trigger -> trigger.get("metadata").get("topic"))
        .containsExactly("musa.traces.raw", "musa.logs.raw", "musa.metrics.raw");
    assertThat(triggers)
        .allSatisfy(trigger ->
            assertThat(trigger.get("metadata"))
                .containsEntry("sasl", "scram_sha512")
                .containsEntry("tls", "enable")
                .allSatisfy((_, value) -> assertThat(value).isInstanceOf(String.class)));
    assertThat(parameters(scram)).containsExactlyInAnyOrder("ca", "password");
    assertThat(parameters(Chart.render("external-kafka-mtls")))
        .containsExactlyInAnyOrder("ca", "cert", "key");
  }

  @Test
  void scaler_trustsTheBundleIfTheProcessorsDo() {
    Manifests manifests =
        Chart.render(
            "external-kafka-mtls", Map.of("kafka.tls.caSecret", "", "trustManager.enabled", true));

    assertThat(parameters(manifests)).containsExactlyInAnyOrder("cert", "key");
    GenericKubernetesResource authentication = manifests.custom("TriggerAuthentication").getFirst();
    assertThat(authentication.<List<Map<String, String>>>get("spec", "configMapTargetRef"))
        .containsExactly(Map.of("parameter", "ca", "name", "musa-trust", "key", "ca.crt"));
    assertThat(manifests.custom("Bundle").getFirst().getMetadata().getName())
        .isEqualTo("musa-trust");
  }

  @Test
  void scaler_leavesAllToAnAuthenticationThatItIsGiven() {
    Manifests manifests = Chart.render("sasl");
    List<Map<String, Map<String, Object>>> triggers =
        manifests.custom("ScaledObject").getFirst().get("spec", "triggers");

    assertThat(triggers)
        .hasSize(3)
        .allSatisfy(trigger -> {
          assertThat(trigger.get("authenticationRef"))
              .isEqualTo(Map.of("name", "kafka-scaler", "kind", "ClusterTriggerAuthentication"));
          assertThat(trigger.get("metadata"))
              .as("KEDA refuses what is in both")
              .doesNotContainKeys("tls", "sasl");
        });
    assertThat(manifests.custom("TriggerAuthentication")).isEmpty();
  }

  private static List<String> parameters(Manifests manifests) {
    List<Map<String, String>> secrets =
        manifests.custom("TriggerAuthentication").getFirst().get("spec", "secretTargetRef");
    return secrets.stream().map(secret -> secret.get("parameter")).toList();
  }
}
