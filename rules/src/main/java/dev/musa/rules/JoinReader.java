package dev.musa.rules;

import dev.musa.rules.StepPlan.JoinPlan;
import dev.musa.rules.condition.AttributePaths;
import dev.musa.rules.condition.Checked;
import dev.musa.rules.condition.Expressions;
import dev.musa.rules.yaml.Mapping;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a step that joins data points to pods. */
final class JoinReader {
  private static final List<String> KEYS = List.of("pod", "namespace", "container", "attributes");
  private static final String PATH = "attributes[\"key\"]";
  private static final String NAME = "a name such as k8s.pod.uid";
  private static final String NAMES = "a list of names such as [k8s.pod.uid, service.name]";

  /** What leads from a point to the logs and traces of its pod, and to who answers for it. */
  private static final List<String> USUAL =
      List.of(
          "k8s.pod.uid",
          "k8s.pod.name",
          "k8s.namespace.name",
          "k8s.node.name",
          "k8s.deployment.name",
          "k8s.statefulset.name",
          "k8s.daemonset.name",
          "k8s.job.name",
          "k8s.cronjob.name",
          "service.name",
          "service.namespace");

  private static final String OF_CONTAINER = "k8s.container.name";

  private final Expressions expressions;

  JoinReader(Expressions expressions) {
    this.expressions = expressions;
  }

  @Nullable JoinPlan read(String name, @Nullable Checked when, Value argument) {
    Mapping join = argument.mapping("pod, namespace, container, attributes");
    if (join == null) {
      return null;
    }
    join.allow(KEYS);
    AttributePath pod = path(join.require("pod", PATH));
    AttributePath namespace = path(join.require("namespace", PATH));
    AttributePath container = path(join.get("container"));
    List<String> names = names(join.get("attributes"), container != null);
    return pod == null || namespace == null
        ? null
        : new JoinPlan(
            name,
            when,
            pod,
            namespace,
            container,
            names.stream().map(each -> new AttributePath(AttributePath.Scope.ITEM, each)).toList());
  }

  private @Nullable AttributePath path(@Nullable Value value) {
    Scalar text = value == null ? null : value.text(PATH);
    AttributePath path = text == null ? null : AttributePaths.read(expressions, text);
    if (path != null && text != null && path.scope() == AttributePath.Scope.RESOURCE) {
      text.refuse("'" + text.text() + "' is no attribute of a data point", PATH);
      return null;
    }
    return path;
  }

  private static List<String> names(@Nullable Value list, boolean ofContainer) {
    List<String> names = new ArrayList<>();
    if (list == null) {
      names.addAll(USUAL);
      if (ofContainer) {
        names.add(OF_CONTAINER);
      }
      return names;
    }
    int before = list.problems().size();
    List<Value> values = list.list(NAMES);
    if (values.isEmpty() && list.problems().size() == before) {
      list.refuse("an empty list, so nothing would be added", NAMES);
    }
    for (Value value : values) {
      Scalar text = value.text(NAME);
      if (text != null && text.text().indexOf('[') >= 0) {
        text.refuse("'" + text.text() + "' is not the name of an attribute", NAME);
      } else if (text != null) {
        names.add(text.text());
      }
    }
    return names;
  }
}
