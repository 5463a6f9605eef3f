package dev.musa.k8s.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleRef;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pods may ask of the API server. */
class ChartRbacTest {
  private static final Set<String> ONLY_READS = Set.of("get", "list", "watch");

  /** Questions about who somebody is: what is created is the answer. */
  private static final Set<String> QUESTIONS = Set.of("tokenreviews", "subjectaccessreviews");

  /** Made by others than the chart. */
  private static final Set<String> FOREIGN = Set.of("musa-scraper");

  static List<String> valueSets() {
    return Chart.valueSets();
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void rules_haveNoWildcardsAndNoSecrets(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    rules(manifests)
        .forEach(rule -> {
          assertThat(
                  Stream.of(
                          rule.getApiGroups(),
                          rule.getResources(),
                          rule.getVerbs(),
                          rule.getNonResourceURLs(),
                          rule.getResourceNames())
                      .flatMap(List::stream))
              .as("%s", rule)
              .allMatch(word -> !word.contains("*"));
          assertThat(rule.getResources()).doesNotContain("secrets");
          assertThat(rule.getVerbs())
              .doesNotContain("escalate", "bind", "impersonate", "delete", "deletecollection");
        });
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void clusterRoles_onlyRead(String valueSet) {
    for (ClusterRole role : Chart.render(valueSet).all(ClusterRole.class)) {
      for (PolicyRule rule : role.getRules()) {
        if (!QUESTIONS.containsAll(rule.getResources()) || rule.getResources().isEmpty()) {
          assertThat(rule.getVerbs()).as("%s", rule).isSubsetOf(ONLY_READS);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("valueSets")
  void bindings_bindWhatIsThere(String valueSet) {
    Manifests manifests = Chart.render(valueSet);
    for (ClusterRoleBinding binding : manifests.all(ClusterRoleBinding.class)) {
      manifests.one(ClusterRole.class, binding.getRoleRef().getName());
      checkSubjects(manifests, binding.getSubjects());
    }
    for (RoleBinding binding : manifests.all(RoleBinding.class)) {
      RoleRef role = binding.getRoleRef();
      assertThat(role.getKind()).isEqualTo("Role");
      manifests.one(Role.class, role.getName());
      checkSubjects(manifests, binding.getSubjects());
    }
  }

  @Test
  void control_knowsPodsAndTheirOwnersAndItsLease() {
    Manifests manifests = Chart.render("everything");

    ClusterRole metadata = manifests.one(ClusterRole.class, "musa-telemetry-metadata");
    assertThat(metadata.getRules().stream().flatMap(rule -> rule.getResources().stream()))
        .containsExactlyInAnyOrder(
            "pods",
            "namespaces",
            "nodes",
            "replicasets",
            "deployments",
            "statefulsets",
            "daemonsets",
            "jobs");
    assertThat(manifests.one(ClusterRoleBinding.class, "musa-telemetry-metadata").getSubjects())
        .extracting(Subject::getName)
        .containsExactly("musa-control");

    List<PolicyRule> own = manifests.one(Role.class, "musa-control").getRules();
    assertThat(own)
        .filteredOn(rule -> rule.getResources().contains("leases"))
        .allMatch(rule ->
            rule.getVerbs().equals(List.of("create"))
                || rule.getResourceNames().equals(List.of("musa-control")));
    assertThat(own)
        .filteredOn(rule -> rule.getResources().contains("events"))
        .singleElement()
        .matches(rule -> rule.getApiGroups().equals(List.of("events.k8s.io")))
        .matches(rule -> rule.getVerbs().equals(List.of("create")));
    assertThat(own)
        .filteredOn(rule -> rule.getResources().contains("configmaps"))
        .singleElement()
        .matches(rule -> rule.getResourceNames().equals(List.of("musa-rules")));
  }

  @Test
  void control_seesWhichProcessorsAreScaledAway() {
    List<PolicyRule> own = Chart.render("everything").one(Role.class, "musa-control").getRules();
    assertThat(own)
        .filteredOn(rule -> rule.getResources().contains("statefulsets"))
        .singleElement()
        .matches(rule -> rule.getResourceNames().equals(List.of("musa-processors")))
        .matches(rule -> rule.getVerbs().equals(List.of("get")));
    assertThat(own)
        .filteredOn(rule -> rule.getResources().contains("pods"))
        .singleElement()
        .matches(rule -> rule.getVerbs().equals(List.of("get")));

    assertThat(Chart.render("edge").all(Role.class))
        .flatExtracting(Role::getRules)
        .flatExtracting(PolicyRule::getResources)
        .doesNotContain("statefulsets", "pods");
  }

  @Test
  void cluster_isLeftAloneOnRequest() {
    for (String valueSet : List.of("single-tenant", "openshift")) {
      Manifests manifests = Chart.render(valueSet);
      assertThat(manifests.all(ClusterRole.class)).as(valueSet).isEmpty();
      assertThat(manifests.all(ClusterRoleBinding.class)).as(valueSet).isEmpty();
      assertThat(manifests.all(Role.class)).as(valueSet).hasSize(1);
    }
  }

  @Test
  void token_isGivenToWhatAsksTheApiServer() {
    Manifests minimal = Chart.render("minimal");
    assertThat(minimal.workload("control").source("api-access")).isPresent();
    assertThat(minimal.workload("collector").source("api-access")).isEmpty();

    Workload collector = Chart.render("everything").workload("collector");
    assertThat(collector.container("metrics-proxy").getVolumeMounts())
        .anyMatch(mount -> mount.getName().equals("api-access"));
    assertThat(collector.container("musa").getVolumeMounts())
        .noneMatch(mount -> mount.getName().equals("api-access"));
  }

  private static Stream<PolicyRule> rules(Manifests manifests) {
    return Stream.concat(
        manifests.all(ClusterRole.class).stream().flatMap(role -> role.getRules().stream()),
        manifests.all(Role.class).stream().flatMap(role -> role.getRules().stream()));
  }

  private static void checkSubjects(Manifests manifests, List<Subject> subjects) {
    for (Subject subject : subjects) {
      assertThat(subject.getKind()).isEqualTo("ServiceAccount");
      if (subject.getNamespace().equals(Chart.NAMESPACE) && !FOREIGN.contains(subject.getName())) {
        manifests.one(ServiceAccount.class, subject.getName());
      }
    }
  }
}
