package dev.musa.processors.stages;

import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The runner of each rule set in use, compiled at its first record. For one thread; a few are kept,
 * because around a change of rules the records of two sets alternate.
 */
public final class Runners {
  private static final int MOST_RUNNERS = 8;

  private final Signal signal;
  private final Function<RuleSet, List<Step>> stepsOf;
  private final Limits limits;
  private final Joins joins;
  private final Map<String, StepRunner> byVersion = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param stepsOf compiles the steps to run, such as {@code rules -> rules.logs().steps()}
   */
  public Runners(Signal signal, Function<RuleSet, List<Step>> stepsOf, Limits limits, Joins joins) {
    this.signal = signal;
    this.stepsOf = stepsOf;
    this.limits = limits;
    this.joins = joins;
  }

  public StepRunner of(RuleSet rules) {
    StepRunner runner =
        byVersion.computeIfAbsent(
            rules.version(), _ -> new StepRunner(signal, stepsOf.apply(rules), limits, joins));
    if (byVersion.size() > MOST_RUNNERS) {
      byVersion.remove(byVersion.keySet().iterator().next());
    }
    return runner;
  }
}
