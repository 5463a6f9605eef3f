package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What has to hold whatever the values are. */
class ChartTest {
  /** What MUSA takes at most to drain before it ends by itself. */
  private static final double DRAIN_SECONDS = 9.5;

  private static final Pattern MOUNTED_FILE = Pattern.compile("/etc/musa/[A-Za-z0-9._/-]+");

  /** Made by others than the chart. */
  private static final Set<String> FOREIGN =
      Set.of("kube-root-ca.crt", "musa-trust", "payments-rules");

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @Test
  void valueSets_areThoseOfAllKindsOfInstallations() {
    assertThat(valueSets())
        .contains(
            "minimal",
            "everything",
            "no-cert-manager",
            "external-kafka-mtls",
            "scram",
            "sasl",
            "single-tenant",
            "openshift",
            "openshift-metrics",
            "edge");
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void containers_haveRequestsAndLimits(String valueSet) {
    for (Workload workload : Chart.render(valueSet).workloads()) {
      for (Container container : workload.containers()) {
        assertThat(container.getResources())
            .as("resources of %s in %s", container.getName(), workload.name())
            .isNotNull();
        assertThat(container.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).containsOnlyKeys("cpu", "memory");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void pods_areRestricted(String valueSet) {
    for (Workload workload : Chart.render(valueSet).workloads()) {
      PodSecurityContext pod = workload.pod().getSecurityContext();
      assertThat(pod.getRunAsNonRoot()).as(workload.name()).isTrue();
      assertThat(pod.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
      assertThat(workload.pod().getHostNetwork()).isNull();
      assertThat(workload.pod().getAutomountServiceAccountToken()).isFalse();
      assertThat(workload.pod().getVolumes()).allMatch(volume -> volume.getHostPath() == null);
      for (Container container : workload.containers()) {
        SecurityContext security = container.getSecurityContext();
        assertThat(security).as("%s in %s", container.getName(), workload.name()).isNotNull();
        assertThat(security.getAllowPrivilegeEscalation()).isFalse();
        assertThat(security.getReadOnlyRootFilesystem()).isTrue();
        assertThat(security.getRunAsNonRoot()).isTrue();
        assertThat(security.getPrivileged()).isNull();
        assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(security.getCapabilities().getAdd()).isEmpty();
        assertThat(security.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void pods_haveWhatTheirConfigurationNames(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (Workload workload : manifests.workloads()) {
      if (workload.isTest()) {
        continue;
      }
      List<VolumeMount> mounts = workload.container("musa").getVolumeMounts();
      String config =
          manifests
              .one(ConfigMap.class, workload.source("config").orElseThrow())
              .getData()
              .get("musa.yaml");
      Matcher file = MOUNTED_FILE.matcher(config);
      while (file.find()) {
        assertThat(mounts)
            .as("mounts of %s for %s", workload.name(), file.group())
            .anyMatch(mount -> (file.group() + "/").startsWith(mount.getMountPath() + "/"));
      }
      assertThat(config).contains("data: /var/lib/musa\n");
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void volumes_areThereAndNoneIsASingleFile(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (Workload workload : manifests.workloads()) {
      Stream<String> claims =
          workload.object() instanceof StatefulSet set
              ? set.getSpec().getVolumeClaimTemplates().stream()
                  .map(claim -> claim.getMetadata().getName())
              : Stream.empty();
      List<String> names =
          Stream.concat(
                  workload.pod().getVolumes().stream().map(volume -> volume.getName()), claims)
              .toList();
      assertThat(names).as(workload.name()).doesNotHaveDuplicates();
      for (Container container : workload.containers()) {
        for (VolumeMount mount : container.getVolumeMounts()) {
          assertThat(names).as(workload.name()).contains(mount.getName());
          assertThat(mount.getSubPath()).as("a file of its own never changes").isNull();
        }
        assertThat(container.getVolumeMounts())
            .extracting(VolumeMount::getMountPath)
            .doesNotHaveDuplicates();
      }
      workload.pod().getVolumes().stream()
          .flatMap(volume -> Optional.ofNullable(volume.getConfigMap()).stream())
          .filter(map -> !FOREIGN.contains(map.getName()))
          .forEach(map -> manifests.one(ConfigMap.class, map.getName()));
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void probes_askTheHealthPort(String valueSet) {
    for (Workload workload : Chart.render(valueSet).workloads()) {
      if (workload.isTest()) {
        continue;
      }
      Container musa = workload.container("musa");
      assertThat(musa.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/livez");
      assertThat(musa.getStartupProbe().getHttpGet().getPath()).isEqualTo("/livez");
      assertThat(musa.getReadinessProbe().getHttpGet().getPath()).isEqualTo("/readyz");
      Stream.of(musa.getLivenessProbe(), musa.getStartupProbe(), musa.getReadinessProbe())
          .forEach(
              probe -> assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("health"));
      assertThat(workload.ports()).contains("health");
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void rollout_leavesTimeToDrainAndEnoughPods(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (Workload workload : manifests.workloads()) {
      if (workload.isTest()) {
        continue;
      }
      Container musa = workload.container("musa");
      long before =
          musa.getLifecycle() == null
              ? 0
              : musa.getLifecycle().getPreStop().getSleep().getSeconds();
      assertThat((double) workload.pod().getTerminationGracePeriodSeconds())
          .as("grace period of %s", workload.name())
          .isGreaterThan(before + DRAIN_SECONDS);
      if (workload.ports().contains("otlp-grpc")) {
        assertThat(before).as("seconds in which senders go elsewhere").isPositive();
      }
      if (!workload.name().endsWith("all-in-one")) {
        assertThat(manifests.all(PodDisruptionBudget.class))
            .as("a budget for %s", workload.name())
            .anyMatch(budget ->
                workload.isSelectedBy(budget.getSpec().getSelector())
                    && budget.getSpec().getMaxUnavailable().getIntVal() == 1);
        assertThat(workload.pod().getTopologySpreadConstraints())
            .as("spread of %s", workload.name())
            .hasSize(2)
            .allMatch(spread -> workload.isSelectedBy(spread.getLabelSelector()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void objects_haveNamesOfTheirOwnAndNamespacesAndFit(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    assertThat(manifests.objects())
        .extracting(object ->
            object.getApiVersion() + " " + object.getKind() + " " + object.getMetadata().getName())
        .doesNotHaveDuplicates();
    Set<String> ofTheCluster = Set.of("ClusterRole", "ClusterRoleBinding", "Bundle");
    for (HasMetadata object : manifests.objects()) {
      assertThat(object.getMetadata().getNamespace())
          .as("namespace of %s %s", object.getKind(), object.getMetadata().getName())
          .isEqualTo(ofTheCluster.contains(object.getKind()) ? null : Chart.NAMESPACE);
      assertThat(object.getMetadata().getLabels())
          .containsEntry("app.kubernetes.io/instance", Chart.RELEASE);
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void selectors_findTheirPods(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (Workload workload : manifests.workloads()) {
      switch (workload.object()) {
        case Deployment deployment ->
            assertThat(workload.isSelectedBy(deployment.getSpec().getSelector())).isTrue();
        case StatefulSet set -> {
          assertThat(workload.isSelectedBy(set.getSpec().getSelector())).isTrue();
          Service names = manifests.one(Service.class, set.getSpec().getServiceName());
          assertThat(names.getSpec().getClusterIP()).isEqualTo("None");
          assertThat(workload.isSelectedBy(names.getSpec().getSelector())).isTrue();
        }
        default -> assertThat(workload.isTest()).isTrue();
      }
      if (!workload.isTest()) {
        manifests.one(ServiceAccount.class, workload.pod().getServiceAccountName());
      }
    }
    for (Service service : manifests.all(Service.class)) {
      for (var port : service.getSpec().getPorts()) {
        assertThat(manifests.workloads())
            .as("pods of service %s with port %s", service.getMetadata().getName(), port.getName())
            .anyMatch(workload ->
                workload.isSelectedBy(service.getSpec().getSelector())
                    && workload.ports().contains(port.getTargetPort().getStrVal()));
      }
    }
  }
}
