package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What whoever installs the chart is told. */
class ChartNotesTest {

  @Test
  void notes_sayWhatToDoNext() {
    assertThat(Chart.notes("minimal", Map.of()))
        .contains(
            "helm test musa -n telemetry",
            "http://musa-collector.telemetry:4317",
            "Pods restart until Kafka answers",
            "exec musa-sinks-0 -c musa -- /opt/musa/bin/musa ledger",
            "NO BACKEND",
            "NO RULES",
            "Nothing watches MUSA");
    assertThat(Chart.notes("edge", Map.of()))
        .contains("exec musa-all-in-one-0 -c musa -- /opt/musa/bin/musa ledger")
        .doesNotContain("Kafka answers", "NO BACKEND", "NO RULES", "Nothing watches");
  }

  @Test
  void notes_sayWhatIsInsecureAndNothingElse() {
    assertThat(Chart.notes("minimal", Map.of()))
        .contains("INSECURE: the intake takes plaintext", "to and from Kafka is not encrypted");
    assertThat(Chart.notes("minimal", Map.of("networkPolicy.enabled", false)))
        .contains("networkPolicy.enabled: true, which is off");
    assertThat(Chart.notes("external-kafka-mtls", Map.of())).doesNotContain("to and from Kafka");
    assertThat(Chart.notes("openshift", Map.of())).contains("metrics are plaintext");
    assertThat(Chart.notes("everything", Map.of()))
        .contains("delivered to prometheus is not encrypted")
        .doesNotContain("delivered to tempo", "to and from Kafka", "metrics are plaintext");
  }

  /** A policy is held against the port of a pod, which only the pods themselves show. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://loki-gateway",
        "http://loki-gateway.monitoring",
        "http://loki-gateway.monitoring.svc",
        "http://loki-gateway.monitoring.svc.cluster.local:80/otlp",
        "https://loki-gateway.monitoring"
      })
  void notes_warnOfServicesWhosePodsMayHaveOtherPorts(String endpoint) {
    Map<String, ?> values = Map.of("sinks.loki.endpoint", endpoint);
    assertThat(Chart.notes("minimal", values))
        .contains("MAYBE NOT REACHABLE: " + endpoint + ". ")
        .contains("networkPolicy.backends.ports");
    Map<String, ?> told =
        Map.of("sinks.loki.endpoint", endpoint, "networkPolicy.backends.ports[0]", 8080);
    assertThat(Chart.notes("minimal", told)).doesNotContain("MAYBE NOT REACHABLE");
    Map<String, ?> off = Map.of("sinks.loki.endpoint", endpoint, "networkPolicy.enabled", false);
    assertThat(Chart.notes("minimal", off)).doesNotContain("MAYBE NOT REACHABLE");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://loki.monitoring:3100",
        "https://loki.example.com",
        "http://10.1.2.3",
        "http://[fd00::1]"
      })
  void notes_sayNothingOfPortsThatAreSeenAsTheyAre(String endpoint) {
    assertThat(Chart.notes("minimal", Map.of("sinks.loki.endpoint", endpoint)))
        .doesNotContain("MAYBE NOT REACHABLE");
  }

  @Test
  void notes_warnOfMonitorsThatNobodyLooksAt() {
    Map<String, ?> withoutLabels =
        Map.of("metrics.enabled", true, "metrics.serviceMonitor.enabled", true);

    assertThat(Chart.notes("minimal", withoutLabels)).contains("`release: NAME OF ITS RELEASE`");
    assertThat(Chart.notes("everything", Map.of())).doesNotContain("NAME OF ITS RELEASE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"NodePort", "LoadBalancer"})
  void notes_warnOfSendersOutsideThatNoSelectorNames(String type) {
    assertThat(Chart.notes("minimal", Map.of("collector.service.type", type)))
        .contains("REFUSED", "collector.service.type " + type, "ipBlock");
    Map<String, ?> named =
        Map.of(
            "collector.service.type",
            type,
            "networkPolicy.senders[0].ipBlock.cidr",
            "192.0.2.0/24");
    assertThat(Chart.notes("minimal", named)).doesNotContain("REFUSED");
    assertThat(Chart.notes("minimal", Map.of())).doesNotContain("REFUSED");
  }

  @Test
  void notes_adviseToSayWhereTheApiServerIs() {
    assertThat(Chart.notes("openshift-metrics", Map.of()))
        .contains("OPEN: ", "on the ports 443, 6443", "networkPolicy.apiServer.to");
    Map<String, ?> off = Map.of("networkPolicy.enabled", false);
    assertThat(Chart.notes("openshift-metrics", off)).doesNotContain("OPEN: ");
    assertThat(Chart.notes("everything", Map.of())).doesNotContain("OPEN: ");
    assertThat(Chart.notes("minimal", Map.of())).doesNotContain("OPEN: ");
  }

  @Test
  void notes_warnOfMonitorsThatOpenshiftRefuses() {
    String key = "metrics.serviceMonitor.authorization.credentials.name";
    assertThat(Chart.notes("openshift-metrics", Map.of(key, ""))).contains("NOT SCRAPED", key);
    for (String fine : List.of("openshift-metrics", "openshift", "everything")) {
      assertThat(Chart.notes(fine, Map.of())).doesNotContain("NOT SCRAPED");
    }
  }

  @Test
  void chart_passesHelmLint() {
    LintResult result = new Helm(Chart.DIRECTORY).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }
}
