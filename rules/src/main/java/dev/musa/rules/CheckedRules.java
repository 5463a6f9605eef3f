package dev.musa.rules;

import dev.musa.rules.condition.Compiler;
import dev.musa.rules.condition.Expressions;
import dev.musa.rules.yaml.Problems;
import dev.musa.schemas.Signal;
import java.util.List;
import java.util.Map;

/** What the files of a rule set say, without anything wrong in it. */
record CheckedRules(
    Expressions expressions, Map<Signal, List<StepPlan>> plans, boolean fromBacklog) {
  static final CheckedRules NONE =
      new CheckedRules(new Expressions(Map.of(), new Problems()), Map.of(), false);

  List<StepPlan> plans(Signal signal) {
    return plans.getOrDefault(signal, List.of());
  }

  List<Step> compile(Signal signal) {
    Problems problems = new Problems();
    Compiler compiler = new Compiler(expressions, signal, problems);
    List<Step> steps = plans(signal).stream().map(plan -> plan.compile(compiler)).toList();
    if (!problems.isEmpty()) {
      throw new IllegalStateException("compiled before without problems: " + problems.sorted());
    }
    return steps;
  }
}
