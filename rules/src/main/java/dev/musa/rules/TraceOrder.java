package dev.musa.rules;

import dev.musa.rules.StepPlan.PolicyPlan;
import dev.musa.rules.StepPlan.SamplePlan;
import dev.musa.rules.yaml.Position;
import dev.musa.rules.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What holds between the steps for traces. A {@code drop: trace} looks at all spans of a trace, so
 * it becomes a policy of the sampling step behind it; a step that drops single spans between the
 * two would hide spans from it against the order in which they are written.
 */
final class TraceOrder {
  private final Problems problems;
  private final List<PolicyPlan> traceDrops = new ArrayList<>();
  private final List<Position> traceDropPositions = new ArrayList<>();
  private @Nullable String sampleName;
  private @Nullable Position sampleAt;

  /** The first pass keeps one bit per condition in the summary of a trace. */
  private static final int MOST_CONDITIONS = 64;

  TraceOrder(Problems problems) {
    this.problems = problems;
  }

  void dropTrace(Position at, PolicyPlan policy) {
    if (sampleName != null) {
      problems.add(
          at,
          "'drop: trace' stands behind the sampling step '" + sampleName + "'",
          "this step in front of it: it is decided when that is");
      return;
    }
    traceDrops.add(policy);
    traceDropPositions.add(at);
  }

  void dropSpan(Position at, String name) {
    if (sampleName == null && !traceDrops.isEmpty()) {
      problems.add(
          at,
          "'%s' would hide spans from the step '%s' in front of it"
              .formatted(name, traceDrops.getFirst().name()),
          "steps for single spans first, then 'drop: trace', then 'sample'");
    }
  }

  void sample(Position at, String name) {
    if (sampleName != null) {
      problems.add(
          at,
          "traces are already sampled by '" + sampleName + "'",
          "one sampling step with all policies");
    }
    sampleName = name;
    sampleAt = at;
  }

  /** The steps, with {@code drop: trace} put in front of the policies. */
  List<StepPlan> finish(List<StepPlan> plans) {
    if (sampleName == null) {
      for (Position at : traceDropPositions) {
        problems.add(
            at,
            "'drop: trace' has to see all spans of a trace, but nothing says how long to wait",
            "a sampling step behind it, such as sample: {decide: {after: 10s}, policies:"
                + " [{name: rest, keep: {probability: 1}}]}");
      }
    }
    List<StepPlan> finished = new ArrayList<>();
    for (StepPlan plan : plans) {
      if (plan instanceof SamplePlan sample) {
        List<PolicyPlan> policies = new ArrayList<>(traceDrops);
        policies.addAll(sample.policies());
        checkConditions(policies);
        finished.add(new SamplePlan(sample.name(), sample.after(), policies));
      } else {
        finished.add(plan);
      }
    }
    return finished;
  }

  private void checkConditions(List<PolicyPlan> policies) {
    for (int i = MOST_CONDITIONS; i < policies.size(); i++) {
      if (policies.get(i).anySpan() != null && sampleAt != null) {
        problems.add(
            sampleAt,
            "policy '%s' is number %d ('drop: trace' counted) and has a condition"
                .formatted(policies.get(i).name(), i + 1),
            "conditions in the first %d policies only; join some with ||"
                .formatted(MOST_CONDITIONS));
        return;
      }
    }
  }
}
