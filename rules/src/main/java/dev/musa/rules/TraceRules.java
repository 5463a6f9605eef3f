package dev.musa.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The steps for traces, compiled for one thread. */
public final class TraceRules {
  private final List<Step> steps;
  private final List<Step> beforeSample;
  private final List<Step> afterSample;
  private final @Nullable Sample sample;

  TraceRules(List<Step> steps) {
    this.steps = List.copyOf(steps);
    int index = 0;
    while (index < steps.size() && !(steps.get(index) instanceof Sample)) {
      index++;
    }
    sample = index < steps.size() ? (Sample) steps.get(index) : null;
    beforeSample = this.steps.subList(0, index);
    afterSample = sample == null ? List.of() : this.steps.subList(index + 1, steps.size());
  }

  /** All steps in order, the sampling step among them. */
  public List<Step> steps() {
    return steps;
  }

  /** The sampling step, or null: then traces need no decision and do not wait. */
  public @Nullable Sample sample() {
    return sample;
  }

  /** What holds in both passes; all steps if nothing is sampled. */
  public List<Step> beforeSample() {
    return beforeSample;
  }

  /** What holds for the spans of kept traces only. */
  public List<Step> afterSample() {
    return afterSample;
  }
}
