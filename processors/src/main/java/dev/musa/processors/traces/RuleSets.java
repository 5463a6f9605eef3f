package dev.musa.processors.traces;

import dev.musa.rules.RuleSet;
import dev.musa.rules.RuleSetIndex;
import org.jspecify.annotations.Nullable;

/** The rule sets that were published. Thread-safe. */
public interface RuleSets {

  /** The set in force for a record with this timestamp; the same answer whenever it is asked. */
  RuleSet at(long recordTimestamp);

  /** The set of this version, or null if there is none (any more). */
  @Nullable RuleSet version(String version);

  /** Those on the rules topic. */
  static RuleSets of(RuleSetIndex index) {
    return new RuleSets() {
      @Override
      public RuleSet at(long recordTimestamp) {
        return index.at(recordTimestamp);
      }

      @Override
      public @Nullable RuleSet version(String version) {
        // The set that holds before the first one is published is on no topic.
        return version.equals(RuleSet.EMPTY.version()) ? RuleSet.EMPTY : index.version(version);
      }
    };
  }
}
