package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What may come into the pods and go out of them. */
class ChartNetworkTest {

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyPod_isDeniedWhatNoPolicyAllows(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    NetworkPolicy deny =
        manifests.all(NetworkPolicy.class).stream()
            .filter(policy -> policy.getMetadata().getName().endsWith("-default-deny"))
            .findFirst()
            .orElseThrow();
    assertThat(deny.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
    assertThat(deny.getSpec().getIngress()).isEmpty();
    assertThat(deny.getSpec().getEgress()).isEmpty();
    for (Workload workload : manifests.workloads()) {
      assertThat(workload.isSelectedBy(deny.getSpec().getPodSelector()))
          .as(workload.name())
          .isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyPort_isNamedInAPolicyAndEveryNameIsAPort(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (Workload workload : manifests.workloads()) {
      Set<String> allowed =
          policiesFor(manifests, workload)
              .flatMap(policy -> policy.getSpec().getIngress().stream())
              .map(NetworkPolicyIngressRule::getPorts)
              .flatMap(List::stream)
              .map(port -> port.getPort().getStrVal())
              .collect(Collectors.toSet());
      assertThat(allowed).as("ports of %s", workload.name()).containsAll(workload.ports());
    }
    for (NetworkPolicy policy : manifests.all(NetworkPolicy.class)) {
      policy.getSpec().getIngress().stream()
          .flatMap(rule -> rule.getPorts().stream())
          .forEach(port ->
              assertThat(manifests.workloads())
                  .as("port %s of %s", port.getPort(), policy.getMetadata().getName())
                  .anyMatch(workload ->
                      workload.isSelectedBy(policy.getSpec().getPodSelector())
                          && workload.ports().contains(port.getPort().getStrVal())));
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void everyRule_namesItsPorts(String valueSet) {
    for (NetworkPolicy policy : Chart.render(valueSet).all(NetworkPolicy.class)) {
      var spec = policy.getSpec();
      assertThat(spec.getIngress()).allMatch(rule -> !rule.getPorts().isEmpty());
      assertThat(spec.getEgress()).allMatch(rule -> !rule.getPorts().isEmpty());
    }
  }

  @Test
  void egress_goesToKafkaBackendsNamesAndTheApiServerOnly() {
    Manifests manifests = Chart.render("everything");

    assertThat(egress(manifests, "collector")).containsOnly(53, 9093, 6443);
    assertThat(egress(manifests, "sinks")).containsOnly(53, 9093, 443, 6443, 4317, 9090);
    assertThat(egress(manifests, "test")).containsOnly(53, 4317);

    Manifests minimal = Chart.render("minimal");
    assertThat(egress(minimal, "collector")).containsOnly(53, 9092);
    assertThat(egress(minimal, "processors")).containsOnly(53, 9092);
    assertThat(egress(minimal, "control")).containsOnly(53, 9092, 443, 6443);
    assertThat(egress(Chart.render("edge"), "all-in-one")).containsOnly(53, 443, 6443);
    assertThat(egress(Chart.render("openshift"), "collector")).containsOnly(53, 5353, 9092);
    assertThat(egress(Chart.render("openshift"), "sinks"))
        .containsOnly(53, 5353, 9092, 3100, 80, 9091);
  }

  @Test
  void kafka_isWhereItIsSaidToBe() {
    NetworkPolicy external =
        Chart.render("external-kafka-mtls").one(NetworkPolicy.class, "musa-allow-kafka");
    NetworkPolicyEgressRule rule = external.getSpec().getEgress().getFirst();
    assertThat(rule.getTo()).hasSize(1);
    assertThat(rule.getTo().getFirst().getIpBlock().getCidr()).isEqualTo("10.20.0.0/16");
    assertThat(rule.getPorts())
        .extracting(NetworkPolicyPort::getPort)
        .containsExactly(new IntOrString(9095), new IntOrString(9094));

    NetworkPolicy strimzi = Chart.render("everything").one(NetworkPolicy.class, "musa-allow-kafka");
    assertThat(strimzi.getSpec().getEgress().getFirst().getTo().getFirst().getPodSelector())
        .extracting(selector -> selector.getMatchLabels())
        .isEqualTo(Map.of("strimzi.io/cluster", "musa"));
  }

  @Test
  void senders_areThoseOfTheValues() {
    NetworkPolicy otlp = Chart.render("everything").one(NetworkPolicy.class, "musa-allow-otlp");
    var from = otlp.getSpec().getIngress().getFirst().getFrom();
    assertThat(from).hasSize(2);
    assertThat(from.getFirst().getNamespaceSelector().getMatchLabels())
        .isEqualTo(Map.of("telemetry", "on"));
    assertThat(from.getLast().getIpBlock().getCidr()).isEqualTo("192.0.2.0/24");
  }

  @Test
  void policies_canBeTurnedOff() {
    assertThat(
            Chart.render("minimal", Map.of("networkPolicy.enabled", false))
                .all(NetworkPolicy.class))
        .isEmpty();
  }

  private static Set<Integer> egress(Manifests manifests, String part) {
    return policiesFor(manifests, manifests.workload(part))
        .flatMap(policy -> policy.getSpec().getEgress().stream())
        .flatMap(rule -> rule.getPorts().stream())
        .map(port -> port.getPort().getIntVal())
        .collect(Collectors.toSet());
  }

  private static Stream<NetworkPolicy> policiesFor(Manifests manifests, Workload workload) {
    return manifests.all(NetworkPolicy.class).stream()
        .filter(policy -> workload.isSelectedBy(policy.getSpec().getPodSelector()));
  }
}
