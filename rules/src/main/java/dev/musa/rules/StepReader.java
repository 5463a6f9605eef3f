package dev.musa.rules;

import dev.musa.rules.StepPlan.DropPlan;
import dev.musa.rules.StepPlan.HashPlan;
import dev.musa.rules.StepPlan.JoinPlan;
import dev.musa.rules.StepPlan.KeepPlan;
import dev.musa.rules.StepPlan.LimitPlan;
import dev.musa.rules.StepPlan.PolicyPlan;
import dev.musa.rules.StepPlan.SamplePlan;
import dev.musa.rules.condition.AttributePaths;
import dev.musa.rules.condition.Checked;
import dev.musa.rules.condition.Compiler;
import dev.musa.rules.condition.Expressions;
import dev.musa.rules.condition.Level;
import dev.musa.rules.yaml.Mapping;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.Value;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the steps of one signal, in order. */
final class StepReader {
  private static final Set<String> ALL_ACTIONS =
      Set.of("drop", "keep", "hash", "join", "limit", "sample");
  private static final Duration MAX_PER = Duration.ofDays(1);

  private final Signal signal;
  private final Expressions expressions;
  private final Compiler levels;
  private final @Nullable HashKey hashKey;
  private final Problems problems;
  private final StepNames names;
  private final TraceOrder order;
  private final List<StepPlan> plans = new ArrayList<>();

  StepReader(Signal signal, Expressions expressions, @Nullable HashKey hashKey, Problems problems) {
    this.signal = signal;
    this.expressions = expressions;
    this.levels = new Compiler(expressions, signal, problems);
    this.hashKey = hashKey;
    this.problems = problems;
    this.names = new StepNames(signal);
    this.order = new TraceOrder(problems);
  }

  void read(Value value) {
    Mapping step = value.mapping("a step: - name: ..., when: ..., and one action");
    if (step == null) {
      return;
    }
    String name = names.read(step);
    List<String> actions = step.present(ALL_ACTIONS);
    Set<String> allowed = allowedActions();
    Set<String> known = new TreeSet<>(allowed);
    known.addAll(Set.of("name", "when"));
    known.addAll(actions);
    boolean allKnown = step.allow(known);
    Checked when = condition(step, "when");
    if (actions.size() != 1) {
      // A key that is not known is mostly the action misspelt, which is enough to say.
      if (!actions.isEmpty() || allKnown) {
        problems.add(
            step.position(),
            actions.isEmpty()
                ? "the step has no action"
                : "the step has several actions: " + String.join(", ", actions),
            "exactly one of " + String.join(", ", new TreeSet<>(allowed)));
      }
      return;
    }
    String action = actions.getFirst();
    if (!allowed.contains(action)) {
      problems.add(
          step.keyPosition(action),
          "'" + action + "' cannot be done with " + signal.label(),
          "one of " + String.join(", ", new TreeSet<>(allowed)));
      return;
    }
    Value argument = step.get(action);
    if (argument != null) {
      readAction(step, name, action, when, argument);
    }
  }

  /** All steps, with what holds between them checked. */
  List<StepPlan> finish() {
    return order.finish(plans);
  }

  private void readAction(
      Mapping step, String name, String action, @Nullable Checked when, Value argument) {
    switch (action) {
      case "drop" -> drop(step, name, when, argument);
      case "keep" -> keep(step, name, when, argument);
      case "hash" -> hash(name, when, argument);
      case "join" -> join(name, when, argument);
      case "limit" -> limit(name, when, argument);
      case "sample" -> sample(step, name, argument);
      default -> throw new AssertionError(action);
    }
  }

  private Set<String> allowedActions() {
    return switch (signal) {
      case TRACES -> Set.of("drop", "keep", "hash", "sample");
      case LOGS -> Set.of("drop", "keep", "hash", "limit");
      case METRICS -> Set.of("drop", "keep", "hash", "join");
    };
  }

  private void drop(Mapping step, String name, @Nullable Checked when, Value argument) {
    String expected =
        switch (signal) {
          case TRACES -> "span or trace";
          case LOGS -> "record";
          case METRICS -> "metric or point";
        };
    Scalar target = argument.text(expected);
    if (target == null) {
      return;
    }
    if (!List.of(expected.split(" or ", -1)).contains(target.text())) {
      target.refuse("'" + target.text() + "' cannot be dropped here", expected);
    } else if (target.text().equals("trace")) {
      order.dropTrace(step.position(), new PolicyPlan(name, Policy.Verdict.DROP, when, null, 1.0));
    } else {
      if (target.text().equals("metric")) {
        requireLevel(
            Level.METRIC,
            when,
            "'drop: metric' drops all points of a metric, but this differs from point to point",
            "metric.*, resource or scope; or 'drop: point'");
      }
      order.dropSpan(step.position(), name);
      plans.add(new DropPlan(name, when));
    }
  }

  private void keep(Mapping step, String name, @Nullable Checked when, Value argument) {
    Scalar text = argument.text("a condition");
    Checked keep = text == null ? null : expressions.condition(signal, text);
    if (keep != null) {
      order.dropSpan(step.position(), name);
      plans.add(new KeepPlan(name, when, keep));
    }
  }

  private void hash(String name, @Nullable Checked when, Value argument) {
    List<AttributePath> paths = new ArrayList<>();
    List<Value> values = argument.list("a list such as ['attributes[\"user.email\"]']");
    for (Value value : values) {
      Scalar text = value.text("attributes[\"key\"] or resource[\"key\"]");
      AttributePath path = text == null ? null : AttributePaths.read(expressions, text);
      if (path != null) {
        paths.add(path);
      }
    }
    if (paths.stream().anyMatch(path -> path.scope() == AttributePath.Scope.RESOURCE)) {
      requireLevel(
          Level.RESOURCE,
          when,
          "a resource is shared by many items, so this cannot decide whether to hash it",
          "a condition on resource[...] only");
    }
    if (hashKey == null) {
      argument.refuse(
          "there is no key to hash with",
          "rules.hashKeyFile in the configuration; make one with:"
              + " openssl rand -hex 32 > hash.key");
    } else if (!paths.isEmpty()) {
      plans.add(new HashPlan(name, when, paths, hashKey));
    }
  }

  private void join(String name, @Nullable Checked when, Value argument) {
    JoinPlan plan = new JoinReader(expressions).read(name, when, argument);
    if (plan != null) {
      plans.add(plan);
    }
  }

  private void limit(String name, @Nullable Checked when, Value argument) {
    Mapping limit = argument.mapping("by, items, per, burst, exempt");
    if (limit == null) {
      return;
    }
    limit.allow(List.of("by", "items", "per", "burst", "exempt"));
    List<Checked> by = new ArrayList<>();
    Value keys = limit.get("by");
    for (Value value : keys == null ? List.<Value>of() : keys.list("a list of attributes")) {
      Scalar text = value.text("a value such as resource[\"service.name\"]");
      Checked key = text == null ? null : expressions.value(signal, text);
      if (key != null) {
        by.add(key);
      }
    }
    Long items = positive(limit.require("items", "a number of records"));
    Value perValue = limit.require("per", "a duration such as 1m");
    Duration per = perValue == null ? null : duration(perValue, MAX_PER);
    Value burstValue = limit.get("burst");
    Long burst = burstValue == null ? items : positive(burstValue);
    Checked exempt = condition(limit, "exempt");
    if (items != null && per != null && burst != null) {
      plans.add(new LimitPlan(name, when, by, items, per, burst, exempt));
    }
  }

  private void sample(Mapping step, String name, Value argument) {
    if (step.get("when") != null) {
      problems.add(
          step.keyPosition("when"),
          "sampling decides over all traces",
          "conditions in its policies: keep: {anySpan: ...}");
    }
    SampleReader reader = new SampleReader(expressions, names, problems);
    SamplePlan plan = reader.read(name, argument);
    order.sample(step.position(), name);
    if (plan != null) {
      plans.add(plan);
    }
  }

  private @Nullable Checked condition(Mapping mapping, String key) {
    Value value = mapping.get(key);
    Scalar text = value == null ? null : value.text("a condition");
    return text == null ? null : expressions.condition(signal, text);
  }

  private void requireLevel(Level level, @Nullable Checked when, String message, String expected) {
    Position beyond = when == null ? null : levels.beyond(level, when);
    if (beyond != null) {
      problems.add(beyond, message, expected);
    }
  }

  private static @Nullable Long positive(@Nullable Value value) {
    Long number = value == null ? null : value.wholeNumber("a whole number of at least 1");
    if (number != null && value != null && number < 1) {
      value.refuse("a whole number of at least 1");
      return null;
    }
    return number;
  }

  static @Nullable Duration duration(Value value, Duration max) {
    String expected = "a duration such as 500ms, 10s or 1m30s";
    Duration duration = value.duration(expected);
    if (duration != null && (duration.isZero() || duration.compareTo(max) > 0)) {
      value.refuse(
          duration.isZero() ? "a duration of nothing" : "too long a duration",
          expected + ", more than 0 and at most " + max.toHours() + "h");
      return null;
    }
    return duration;
  }
}
