package dev.musa.processors.sampling;

import java.util.List;

/**
 * The policies of one rule-set version: any drop wins, then any keep, else the trace is sampled
 * out. Among several matches the first names the outcome.
 */
public final class Policies {
  private final Policy[] drops;
  private final Policy[] keeps;
  private final Outcome[] dropOutcomes;
  private final Outcome[] keepOutcomes;
  private final Outcome otherwise;

  private Policies(List<Policy> policies, Outcome otherwise) {
    this.drops = policies.stream().filter(p -> p.onMatch() != Verdict.KEPT).toArray(Policy[]::new);
    this.keeps = policies.stream().filter(p -> p.onMatch() == Verdict.KEPT).toArray(Policy[]::new);
    this.dropOutcomes = outcomes(drops, otherwise.rulesVersion());
    this.keepOutcomes = outcomes(keeps, otherwise.rulesVersion());
    this.otherwise = otherwise;
  }

  /** Of a rule set with a {@code sample} step: what no policy takes is sampled out. */
  public static Policies sampling(String rulesVersion, List<Policy> policies) {
    return new Policies(policies, new Outcome(Verdict.SAMPLED_OUT, null, rulesVersion));
  }

  /** Of a rule set without one: everything is kept. */
  public static Policies keeping(String rulesVersion) {
    return new Policies(List.of(), new Outcome(Verdict.KEPT, null, rulesVersion));
  }

  public Outcome judge(long traceIdLow, long durationNanos, long conditionsSeen) {
    for (int i = 0; i < drops.length; i++) {
      if (drops[i].matches(traceIdLow, durationNanos, conditionsSeen)) {
        return dropOutcomes[i];
      }
    }
    for (int i = 0; i < keeps.length; i++) {
      if (keeps[i].matches(traceIdLow, durationNanos, conditionsSeen)) {
        return keepOutcomes[i];
      }
    }
    return otherwise;
  }

  private static Outcome[] outcomes(Policy[] policies, String rulesVersion) {
    Outcome[] result = new Outcome[policies.length];
    for (int i = 0; i < policies.length; i++) {
      result[i] = new Outcome(policies[i].onMatch(), policies[i].name(), rulesVersion);
    }
    return result;
  }
}
