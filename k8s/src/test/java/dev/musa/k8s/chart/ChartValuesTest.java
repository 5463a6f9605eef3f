package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What single values do. */
class ChartValuesTest {
  /** That of the parent, in the first lines of this module's own pom. */
  private static final Pattern PROJECT_VERSION =
      Pattern.compile("<artifactId>musa</artifactId>\\s*<version>([^<]+)</version>");

  @Test
  void minimal_isFourPartsAgainstOneKafka() {
    Manifests manifests = Chart.render("minimal");

    assertThat(manifests.all(Deployment.class))
        .extracting(each -> each.getMetadata().getName())
        .containsExactlyInAnyOrder("musa-collector", "musa-control");
    assertThat(manifests.all(StatefulSet.class))
        .extracting(each -> each.getMetadata().getName())
        .containsExactlyInAnyOrder("musa-processors", "musa-sinks");
    assertThat(manifests.one(Deployment.class, "musa-control").getSpec().getReplicas())
        .isEqualTo(2);
    assertThat(manifests.config("collector"))
        .isEqualTo(
            """
            collector:
              cluster: default
              grpc:
                host: 0.0.0.0
              http:
                host: 0.0.0.0
              insecure: true
              tenant: default
            data: /var/lib/musa
            health:
              host: 0.0.0.0
            kafka:
              bootstrapServers:
              - kafka.kafka:9092
            """);
    assertThat(manifests.config("sinks")).doesNotContain("collector:", "rules:");
    assertThat(manifests.workload("processors").container("musa").getArgs())
        .containsExactly("processors", "--config", "/etc/musa/config/musa.yaml");
  }

  /** What the chart installs unless told otherwise is the release that it comes with. */
  @Test
  void image_isOfTheVersionOfTheProject() throws IOException {
    Matcher version = PROJECT_VERSION.matcher(Files.readString(Path.of("pom.xml")));
    assertThat(version.find()).isTrue();
    String release = version.group(1).replaceFirst("-SNAPSHOT$", "");

    assertThat(Files.readString(Chart.DIRECTORY.resolve("Chart.yaml")))
        .as("appVersion beside the version of the project")
        .contains("\nappVersion: " + release + "\n");
    for (String part : List.of("collector", "processors", "sinks", "control", "test")) {
      assertThat(Chart.render("minimal").workload(part).containers().getFirst().getImage())
          .as(part)
          .isEqualTo("ghcr.io/musa/musa:" + release);
    }
  }

  @Test
  void collector_isUnderOneNameAndUnderOneForEachPod() {
    for (String valueSet : List.of("minimal", "edge")) {
      Manifests manifests = Chart.render(valueSet);
      Service one = manifests.one(Service.class, "musa-collector");
      Service each = manifests.one(Service.class, "musa-collector-headless");

      assertThat(one.getSpec().getClusterIP()).isNull();
      assertThat(each.getSpec().getClusterIP()).isEqualTo("None");
      assertThat(each.getSpec().getPublishNotReadyAddresses()).isNull();
      assertThat(one.getSpec().getPorts()).extracting(port -> port.getPort()).contains(4317, 4318);
      assertThat(each.getSpec().getPorts()).isEqualTo(one.getSpec().getPorts());
    }
  }

  @Test
  void collector_isOutsideUnderOneNameOnly() {
    Manifests manifests = Chart.render("everything");

    assertThat(manifests.one(Service.class, "musa-collector").getSpec())
        .matches(spec -> spec.getType().equals("LoadBalancer"))
        .matches(spec -> spec.getExternalTrafficPolicy().equals("Local"))
        .matches(spec -> spec.getLoadBalancerSourceRanges().equals(List.of("192.0.2.0/24")));
    assertThat(manifests.one(Service.class, "musa-collector-headless").getSpec())
        .matches(spec -> spec.getType() == null)
        .matches(spec -> spec.getExternalTrafficPolicy() == null)
        .matches(spec -> spec.getLoadBalancerSourceRanges().isEmpty());
  }

  @Test
  void edge_isOnePodWithItsOwnKafka() {
    Manifests manifests = Chart.render("edge");

    StatefulSet all = manifests.one(StatefulSet.class, "musa-all-in-one");
    assertThat(all.getSpec().getReplicas()).isEqualTo(1);
    assertThat(manifests.workloads()).filteredOn(workload -> !workload.isTest()).hasSize(1);
    assertThat(manifests.workload("all-in-one").container("musa").getArgs())
        .first()
        .isEqualTo("run");
    assertThat(manifests.config("all-in-one"))
        .contains("node:\n  fsync: true\n  retentionSize: 20GiB\n")
        .doesNotContain("kafka:");
    PersistentVolumeClaim data = all.getSpec().getVolumeClaimTemplates().getFirst();
    assertThat(data.getSpec().getStorageClassName()).isEqualTo("local-path");
    assertThat(data.getSpec().getResources().getRequests().get("storage")).hasToString("40Gi");
  }

  @Test
  void control_watchesItsClusterOnlyWhereItMayReadIt() {
    Manifests everywhere = Chart.render("everything");
    assertThat(everywhere.config("control"))
        .contains(
            """
            kubernetes:
              cluster: production
              enabled: true
              lease:
                enabled: true
                name: musa-control
                namespace: telemetry
            """);
    assertThat(everywhere.config("processors")).doesNotContain("kubernetes:");

    assertThat(Chart.render("openshift").config("control"))
        .contains("  enabled: false\n  lease:\n    enabled: true\n");
  }

  /** A Lease in its own namespace needs nothing of the whole cluster. */
  @Test
  void control_runsOnceWhereItHasNoLease() {
    for (String valueSet : List.of("everything", "openshift")) {
      Manifests manifests = Chart.render(valueSet);
      assertThat(manifests.one(Deployment.class, "musa-control").getSpec())
          .as(valueSet)
          .matches(spec -> spec.getReplicas() == 2)
          .matches(spec -> spec.getStrategy().getType().equals("RollingUpdate"));
      assertThat(leaseRules(manifests, "musa-control")).as(valueSet).hasSize(2);
    }

    Manifests without =
        Chart.render("everything", Map.of("config.kubernetes.lease.enabled", false));
    assertThat(without.one(Deployment.class, "musa-control").getSpec())
        .matches(spec -> spec.getReplicas() == 1)
        .matches(spec -> spec.getStrategy().getType().equals("Recreate"));
    assertThat(leaseRules(without, "musa-control")).isEmpty();
    assertThat(leaseRules(Chart.render("edge"), "musa-control")).isEmpty();
  }

  @Test
  void metrics_arePlaintextOnlyOnRequest() {
    Manifests plain = Chart.render("openshift");
    assertThat(plain.config("sinks")).contains("admin:\n  host: 0.0.0.0\n  insecure: true\n");
    assertThat(plain.workload("sinks").ports()).contains("metrics");
    assertThat(plain.workload("sinks").containers()).hasSize(1);

    Manifests behindProxies = Chart.render("everything");
    assertThat(behindProxies.config("sinks")).doesNotContain("admin:");
    assertThat(behindProxies.workload("sinks").container("musa").getPorts()).hasSize(1);
    assertThat(behindProxies.workload("sinks").ports()).contains("metrics");
    assertThat(behindProxies.workload("sinks").container("metrics-proxy").getArgs())
        .as("with IPv4 and IPv6")
        .contains("--secure-listen-address=:8443");
  }

  @Test
  void kafka_isReachedByMutualTls() {
    Manifests manifests = Chart.render("external-kafka-mtls");

    assertThat(manifests.config("sinks"))
        .contains(
            "security.protocol: SSL\n",
            "certificate: /etc/musa/kafka-client/tls.crt\n",
            "key: /etc/musa/kafka-client/tls.key\n",
            "ca: /etc/musa/kafka-ca/root.pem\n");
    assertThat(manifests.workload("sinks").source("kafka-client")).hasValue("musa-kafka-tls");
    assertThat(manifests.workload("sinks").source("kafka-ca")).hasValue("kafka-ca");
    assertThat(Chart.render("no-cert-manager").workload("sinks").source("kafka-client"))
        .hasValue("musa-kafka");
  }

  @Test
  void kafka_isReachedByScram() {
    Manifests manifests = Chart.render("scram");

    assertThat(manifests.config("collector"))
        .contains(
            "security.protocol: SASL_SSL\n",
            "sasl.mechanism: SCRAM-SHA-512\n",
            "username=\"musa\" password=\"${file:/etc/musa/kafka-password/password}\";")
        .doesNotContain("keystore");
    assertThat(manifests.workload("collector").source("kafka-password")).hasValue("musa-kafka");
    assertThat(Chart.render("scram", Map.of("kafka.tls.enabled", false)).config("collector"))
        .contains("security.protocol: SASL_PLAINTEXT\n");
  }

  @Test
  void sinks_haveCertificatesAndAuthoritiesOnlyIfAskedFor() {
    Map<String, Object> values =
        new HashMap<>(Map.of("sinks.tempo.endpoint", "https://tempo.example.com"));
    Manifests unasked = Chart.render("external-kafka-mtls", values);
    assertThat(unasked.config("sinks")).doesNotContain("/sinks-tls/", "/sinks-ca/");
    assertThat(unasked.workload("sinks").source("sinks-tls")).isEmpty();

    values.put("sinks.tls.certManager", true);
    Manifests certificate = Chart.render("external-kafka-mtls", values);
    assertThat(certificate.config("sinks"))
        .contains("certificate: /etc/musa/sinks-tls/tls.crt\n")
        .doesNotContain("/sinks-ca/");
    assertThat(certificate.workload("sinks").source("sinks-tls")).hasValue("musa-sinks-tls");

    values.put("sinks.tls.caSecret", "musa-sinks-tls");
    Manifests authority = Chart.render("external-kafka-mtls", values);
    assertThat(authority.config("sinks")).contains("ca: /etc/musa/sinks-ca/ca.crt\n");
    assertThat(authority.workload("sinks").source("sinks-ca")).hasValue("musa-sinks-tls");
  }

  @Test
  void singleTenant_usesTheKafkaThatIsThere() {
    Manifests manifests = Chart.render("single-tenant");

    String config =
        manifests.one(ConfigMap.class, "telemetry-collector").getData().get("musa.yaml");
    assertThat(config)
        .contains(
            "tenant: payments\n",
            "prefix: payments\n",
            "- shared-kafka-bootstrap.telemetry.svc:9093\n",
            "username=\"telemetry\"");
    assertThat(manifests.custom("Kafka")).isEmpty();
    assertThat(manifests.custom("KafkaTopic"))
        .isNotEmpty()
        .allMatch(topic -> topic.getMetadata().getName().startsWith("payments."));
    assertThat(manifests.workload("collector").source("kafka-ca"))
        .hasValue("shared-cluster-ca-cert");
    assertThat(manifests.workload("collector").source("kafka-password")).hasValue("telemetry");
    assertThat(manifests.workload("control").source("rules")).hasValue("payments-rules");
    assertThat(manifests.has(ConfigMap.class, "telemetry-rules")).isFalse();
    assertThat(manifests.one(StatefulSet.class, "telemetry-processors").getSpec())
        .matches(spec -> spec.getVolumeClaimTemplates().isEmpty());
  }

  @Test
  void openshift_givesUsersAndGroupsItself() {
    PodSecurityContext there =
        Chart.render("openshift").workload("collector").pod().getSecurityContext();
    assertThat(there.getRunAsUser()).isNull();
    assertThat(there.getRunAsGroup()).isNull();
    assertThat(there.getFsGroup()).isNull();

    PodSecurityContext elsewhere =
        Chart.render("minimal").workload("collector").pod().getSecurityContext();
    assertThat(elsewhere.getRunAsUser()).isPositive();
    assertThat(elsewhere.getFsGroup()).isPositive();
  }

  @Test
  void collector_scalesByItsOwnCpu() {
    Manifests manifests = Chart.render("everything");
    HorizontalPodAutoscaler scaler = manifests.one(HorizontalPodAutoscaler.class, "musa-collector");

    assertThat(scaler.getSpec().getScaleTargetRef().getName()).isEqualTo("musa-collector");
    assertThat(scaler.getSpec().getMetrics().getFirst().getContainerResource())
        .matches(cpu -> cpu.getContainer().equals("musa") && cpu.getName().equals("cpu"));
    assertThat(manifests.one(Deployment.class, "musa-collector").getSpec().getReplicas()).isNull();
  }

  @Test
  void processors_scaleByLagSlowly() {
    Manifests manifests = Chart.render("openshift");
    HorizontalPodAutoscaler scaler =
        manifests.one(HorizontalPodAutoscaler.class, "musa-processors");

    assertThat(scaler.getSpec().getMetrics())
        .extracting(metric -> metric.getExternal().getMetric().getSelector().getMatchLabels())
        .containsExactly(
            Map.of("consumergroup", "musa-traces", "topic", "musa.traces.raw"),
            Map.of("consumergroup", "musa-processors", "topic", "musa.logs.raw"),
            Map.of("consumergroup", "musa-processors", "topic", "musa.metrics.raw"));
    assertThat(scaler.getSpec().getBehavior().getScaleDown().getStabilizationWindowSeconds())
        .isEqualTo(900);
    assertThat(manifests.one(StatefulSet.class, "musa-processors").getSpec().getReplicas())
        .isNull();
  }

  @Test
  void rules_areADirectoryAndNoReasonToRestart() {
    Manifests manifests = Chart.render("everything");
    Map<String, ?> other = Map.of("rules.files.30-more\\.yaml", "kind: Rules");

    assertThat(manifests.one(ConfigMap.class, "musa-rules").getData())
        .containsOnlyKeys("10-traces.yaml", "20-logs.yaml");
    assertThat(manifests.workload("control").container("musa").getVolumeMounts())
        .anyMatch(mount ->
            mount.getName().equals("rules") && mount.getMountPath().equals("/etc/musa/rules"));
    assertThat(template(Chart.render("everything", other)).getAnnotations())
        .isEqualTo(template(manifests).getAnnotations());
    assertThat(template(Chart.render("everything", Map.of("kafka.properties.a", "b"))))
        .isNotEqualTo(template(manifests));
  }

  @Test
  void configuration_reachesThePartsThatItConcerns() {
    Manifests manifests = Chart.render("everything");

    assertThat(manifests.config("processors")).contains("traces:\n  rememberDecisions: 5m\n");
    assertThat(manifests.config("collector")).doesNotContain("rememberDecisions");
    assertThat(manifests.config("sinks")).contains("/etc/musa/secrets/loki/authorization");
    assertThat(manifests.workload("sinks").source("extra-loki")).hasValue("loki");
    assertThat(manifests.workload("collector").source("extra-loki")).isEmpty();
    for (String part : List.of("collector", "processors", "sinks", "control")) {
      assertThat(manifests.config(part))
          .contains("topics:\n  maxMessage: 2MiB\n  partitions: 16\n");
    }
  }

  @Test
  void javaOptions_areForThisImage() {
    assertThat(Chart.render("everything").workload("sinks").container("musa").getEnv())
        .singleElement()
        .matches(variable ->
            variable.getName().equals("MUSA_JAVA_OPTS")
                && variable.getValue().equals("-XX:MaxRAMPercentage=60"));
    assertThat(Chart.render("minimal").workload("sinks").container("musa").getEnv()).isEmpty();
  }

  @Test
  void accounts_areOneForEachPart() {
    assertThat(Chart.render("minimal").all(ServiceAccount.class))
        .extracting(each -> each.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "musa-collector", "musa-processors", "musa-sinks", "musa-control");
  }

  @Test
  void accounts_haveTheAnnotationsOfTheirPart() {
    Manifests manifests = Chart.render("everything");
    assertThat(annotations(manifests, "musa-collector"))
        .containsExactly(Map.entry("example.com/role", "telemetry"));
    assertThat(annotations(manifests, "musa-sinks")).isEmpty();
    assertThat(annotations(Chart.render("edge"), "musa-all-in-one"))
        .containsExactly(Map.entry("example.com/role", "edge"));
  }

  private static Map<String, String> annotations(Manifests manifests, String account) {
    return manifests.one(ServiceAccount.class, account).getMetadata().getAnnotations();
  }

  @Test
  void pods_areLabelledAndGoWhereTheyAreToldTo() {
    Manifests manifests = Chart.render("everything");
    Workload collector = manifests.workload("collector");
    assertThat(collector.labels()).containsEntry("example.com/billed-to", "platform");
    assertThat(collector.pod().getAffinity().getNodeAffinity()).isNotNull();
    for (String part : List.of("collector", "test")) {
      PodSpec pod = manifests.workload(part).pod();
      assertThat(pod.getNodeSelector()).as(part).isEqualTo(Map.of("kubernetes.io/os", "linux"));
      assertThat(pod.getTolerations())
          .as(part)
          .singleElement()
          .matches(toleration -> toleration.getKey().equals("telemetry"));
    }

    Workload sinks = manifests.workload("sinks");
    assertThat(sinks.labels()).doesNotContainKey("example.com/billed-to");
    assertThat(sinks.pod().getAffinity()).isNull();
    assertThat(sinks.pod().getNodeSelector()).isEmpty();
    assertThat(sinks.pod().getTolerations()).isEmpty();
  }

  @Test
  void test_sendsToTheCollector() {
    Workload test = Chart.render("minimal").workload("test");

    assertThat(test.containers().getFirst().getArgs())
        .containsExactly("demo", "--traces", "3", "--endpoint", "http://musa-collector:4317");
  }

  private static List<PolicyRule> leaseRules(Manifests manifests, String role) {
    return manifests.one(Role.class, role).getRules().stream()
        .filter(rule -> rule.getResources().contains("leases"))
        .toList();
  }

  private static ObjectMeta template(Manifests manifests) {
    return manifests.one(Deployment.class, "musa-control").getSpec().getTemplate().getMetadata();
  }
}
