package dev.musa.rules;

import java.time.Duration;
import java.util.List;

/**
 * Tail sampling: {@code after} the first span of a trace came in, any policy that drops wins, then
 * any that keeps, else the trace is dropped. Steps before it hold in both passes, steps after it
 * for kept spans.
 */
public record Sample(String name, Duration after, List<Policy> policies) implements Step {
  public Sample {
    policies = List.copyOf(policies);
  }

  @Override
  public Condition when() {
    return Condition.ALWAYS;
  }
}
