package dev.musa.rules;

import dev.musa.rules.StepPlan.PolicyPlan;
import dev.musa.rules.StepPlan.SamplePlan;
import dev.musa.rules.condition.Checked;
import dev.musa.rules.condition.Expressions;
import dev.musa.rules.yaml.Mapping;
import dev.musa.rules.yaml.Problems;
import dev.musa.rules.yaml.Scalar;
import dev.musa.rules.yaml.Value;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the sampling step. */
final class SampleReader {
  /** Spans wait on disk, but their summaries in memory. */
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  private static final Duration MAX_TRACE = Duration.ofDays(1);
  private static final List<String> CRITERIA = List.of("anySpan", "longerThan", "probability");
  private static final Set<String> VERDICTS = Set.of("keep", "drop");

  private final Expressions expressions;
  private final StepNames names;
  private final Problems problems;

  SampleReader(Expressions expressions, StepNames names, Problems problems) {
    this.expressions = expressions;
    this.names = names;
    this.problems = problems;
  }

  @Nullable SamplePlan read(String name, Value argument) {
    Mapping sample = argument.mapping("decide: {after: 10s} and policies");
    if (sample == null) {
      return null;
    }
    sample.allow(List.of("decide", "policies"));
    Duration after = after(sample.require("decide", "{after: 10s}"));
    Value list = sample.require("policies", "a list of policies, each beginning with - name:");
    List<PolicyPlan> policies = new ArrayList<>();
    if (list != null) {
      int before = problems.size();
      List<Value> values = list.list("a list of policies, each beginning with - name:");
      if (values.isEmpty() && problems.size() == before) {
        list.refuse("no policy, so every trace would be dropped", "at least one policy");
      }
      values.forEach(value -> policy(value, policies));
    }
    return after == null ? null : new SamplePlan(name, after, policies);
  }

  private static @Nullable Duration after(@Nullable Value decide) {
    Mapping mapping = decide == null ? null : decide.mapping("{after: 10s}");
    if (mapping == null) {
      return null;
    }
    mapping.allow(List.of("after"));
    Value after = mapping.require("after", "a duration such as 10s");
    return after == null ? null : StepReader.duration(after, MAX_WAIT);
  }

  private void policy(Value value, List<PolicyPlan> policies) {
    Mapping policy = value.mapping("a policy: name and keep or drop");
    if (policy == null) {
      return;
    }
    policy.allow(List.of("name", "keep", "drop"));
    String name = names.read(policy);
    List<String> verdicts = policy.present(VERDICTS);
    if (verdicts.size() != 1) {
      problems.add(
          policy.position(),
          "the policy has " + (verdicts.isEmpty() ? "neither keep nor drop" : "keep and drop"),
          "either keep: {...} or drop: {...}");
      return;
    }
    String verdict = verdicts.getFirst();
    Value argument = policy.get(verdict);
    Mapping criteria = argument == null ? null : argument.mapping("{anySpan: ...} and the like");
    if (criteria != null) {
      policies.add(
          criteria(
              name, verdict.equals("keep") ? Policy.Verdict.KEEP : Policy.Verdict.DROP, criteria));
    }
  }

  private PolicyPlan criteria(String name, Policy.Verdict verdict, Mapping criteria) {
    criteria.allow(CRITERIA);
    if (criteria.keys().isEmpty()) {
      problems.add(
          criteria.position(),
          "the policy applies to no particular traces",
          "at least one of " + String.join(", ", CRITERIA));
    }
    Value anySpan = criteria.get("anySpan");
    Scalar text = anySpan == null ? null : anySpan.text("a condition");
    Checked condition = text == null ? null : expressions.condition(Signal.TRACES, text);
    Value longerThan = criteria.get("longerThan");
    Duration duration = longerThan == null ? null : StepReader.duration(longerThan, MAX_TRACE);
    Value probability = criteria.get("probability");
    return new PolicyPlan(
        name, verdict, condition, duration, probability == null ? 1.0 : probability(probability));
  }

  private static double probability(Value value) {
    String expected = "a probability from 0 to 1, such as 0.05";
    Double probability = value.number(expected);
    if (probability == null) {
      return 0;
    }
    if (!(probability >= 0 && probability <= 1)) {
      value.refuse(expected);
    }
    return probability;
  }
}
