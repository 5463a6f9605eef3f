package dev.musa.processors.traces;

import dev.musa.processors.sampling.Policies;
import dev.musa.processors.sampling.Policy;
import dev.musa.processors.sampling.Randomness;
import dev.musa.processors.sampling.SamplingRules;
import dev.musa.processors.sampling.Verdict;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.StepRunner;
import dev.musa.rules.Condition;
import dev.musa.rules.Drop;
import dev.musa.rules.Hash;
import dev.musa.rules.Join;
import dev.musa.rules.Keep;
import dev.musa.rules.Limit;
import dev.musa.rules.Sample;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule-set version as both passes need it. For one thread, as its conditions hold scratch
 * views.
 */
final class TraceProgram implements SamplingRules {
  private static final int MOST_CONDITIONS = Long.SIZE;

  private final String version;
  private final long waitMillis;
  private final Policies policies;
  private final @Nullable Condition[] anySpan;
  private final Step[] filters;
  private final StepRunner steps;

  /**
   * @param beforeSample the steps that hold for all spans; all of them if nothing is sampled
   * @param steps all steps, for kept traces
   */
  TraceProgram(
      String version,
      List<Step> beforeSample,
      @Nullable Sample sample,
      List<Step> steps,
      Limits limits) {
    this.version = version;
    this.filters =
        beforeSample.stream()
            .filter(step -> step instanceof Drop || step instanceof Keep)
            .toArray(Step[]::new);
    this.steps = new StepRunner(Signal.TRACES, steps, limits);
    if (sample == null) {
      waitMillis = 0;
      policies = Policies.keeping(version);
      anySpan = new Condition[0];
    } else {
      waitMillis = sample.after().toMillis();
      policies = policies(version, sample.policies());
      anySpan =
          sample.policies().stream().map(dev.musa.rules.Policy::anySpan).toArray(Condition[]::new);
    }
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public long waitMillis() {
    return waitMillis;
  }

  @Override
  public Policies policies() {
    return policies;
  }

  /** Whether it leaves every span of every trace as it is, and needs not wait to know that. */
  boolean keepsEverything() {
    return waitMillis == 0 && steps.isEmpty();
  }

  /** Whether pass one asks anything of a span. */
  boolean hasConditions() {
    return filters.length > 0 || anySpan.length > 0;
  }

  /** The name of the step before sampling that drops this span, or null. */
  @Nullable String droppedBy(OtlpCursor at) {
    for (Step step : filters) {
      if (step.when().test(at) && drops(step, at)) {
        return step.name();
      }
    }
    return null;
  }

  /** One bit for each policy whose condition this span fulfils. */
  long conditions(OtlpCursor at) {
    long bits = 0;
    for (int i = 0; i < anySpan.length; i++) {
      Condition condition = anySpan[i];
      if (condition != null && condition.test(at)) {
        bits |= 1L << i;
      }
    }
    return bits;
  }

  /** What is done to the spans of kept traces. */
  StepRunner steps() {
    return steps;
  }

  private static boolean drops(Step step, OtlpCursor at) {
    return switch (step) {
      case Drop _ -> true;
      case Keep keep -> !keep.keep().test(at);
      case Hash _, Join _, Limit _, Sample _ -> false;
    };
  }

  private static Policies policies(String version, List<dev.musa.rules.Policy> declared) {
    List<Policy> policies = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      dev.musa.rules.Policy policy = declared.get(i);
      if (policy.anySpan() != null && i >= MOST_CONDITIONS) {
        throw new IllegalStateException(
            "rule set %s: policy %s is number %d and has a condition (expected: conditions in the first %d policies); put those without a condition last"
                .formatted(version, policy.name(), i + 1, MOST_CONDITIONS));
      }
      policies.add(
          new Policy(
              policy.name(),
              policy.verdict() == dev.musa.rules.Policy.Verdict.KEEP
                  ? Verdict.KEPT
                  : Verdict.SAMPLED_OUT,
              policy.anySpan() == null ? 0 : 1L << i,
              policy.longerThan() == null ? -1 : policy.longerThan().toNanos(),
              Randomness.ofProbability(policy.probability())));
    }
    return Policies.sampling(version, policies);
  }
}
