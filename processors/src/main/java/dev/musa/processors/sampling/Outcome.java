package dev.musa.processors.sampling;

import org.jspecify.annotations.Nullable;

/**
 * The decision about a trace: verdict, the policy that gave it (null: none matched, or the rule set
 * does not sample) and the version of the rule set that all its spans are under.
 */
public record Outcome(Verdict verdict, @Nullable String policy, String rulesVersion) {

  public boolean kept() {
    return verdict == Verdict.KEPT;
  }
}
