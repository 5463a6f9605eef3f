package dev.musa.k8s.chart;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Something that has pods, and what its pods are like. */
record Workload(HasMetadata object, Map<String, String> labels, PodSpec pod) {

  static Optional<Workload> of(HasMetadata object) {
    return switch (object) {
      case Deployment deployment -> Optional.of(of(object, deployment.getSpec().getTemplate()));
      case StatefulSet set -> Optional.of(of(object, set.getSpec().getTemplate()));
      case Pod pod -> Optional.of(of(object, pod.getMetadata(), pod.getSpec()));
      default -> Optional.empty();
    };
  }

  private static Workload of(HasMetadata object, PodTemplateSpec template) {
    return of(object, template.getMetadata(), template.getSpec());
  }

  private static Workload of(HasMetadata object, ObjectMeta metadata, PodSpec pod) {
    return new Workload(object, metadata.getLabels(), pod);
  }

  String name() {
    return object.getMetadata().getName();
  }

  boolean isTest() {
    return object instanceof Pod;
  }

  List<Container> containers() {
    return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream()).toList();
  }

  Container container(String name) {
    return containers().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name() + " has no container " + name));
  }

  /** By their names. */
  List<String> ports() {
    return containers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(ContainerPort::getName)
        .toList();
  }

  /** What a volume holds: the ConfigMap or Secret by name; empty if there is no such volume. */
  Optional<String> source(String volume) {
    return pod.getVolumes().stream()
        .filter(each -> each.getName().equals(volume))
        .map(each ->
            each.getConfigMap() != null
                ? each.getConfigMap().getName()
                : each.getSecret() != null ? each.getSecret().getSecretName() : "")
        .findFirst();
  }

  boolean isSelectedBy(Map<String, String> selector) {
    return labels.entrySet().containsAll(selector.entrySet());
  }

  boolean isSelectedBy(LabelSelector selector) {
    return isSelectedBy(selector.getMatchLabels() == null ? Map.of() : selector.getMatchLabels())
        && selector.getMatchExpressions().stream().allMatch(this::matches);
  }

  private boolean matches(LabelSelectorRequirement expression) {
    if (!expression.getOperator().equals("NotIn")) {
      throw new AssertionError("the tests do not know the operator " + expression.getOperator());
    }
    return !expression.getValues().contains(labels.get(expression.getKey()));
  }
}
