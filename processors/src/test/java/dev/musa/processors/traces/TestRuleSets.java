package dev.musa.processors.traces;

import dev.musa.rules.RuleException;
import dev.musa.rules.RuleSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Rule sets by the time from which they are in force. */
final class TestRuleSets implements RuleSets {
  private final TreeMap<Long, RuleSet> byTime =
      new TreeMap<>(Map.of(Long.MIN_VALUE, RuleSet.EMPTY));

  static RuleSet traces(String steps) {
    try {
      return RuleSet.load(
          Map.of("rules.yaml", "apiVersion: musa.dev/v1\nkind: Rules\ntraces:\n" + steps.indent(2)),
          null);
    } catch (RuleException e) {
      throw new AssertionError(e.getMessage() + " " + e.problems(), e);
    }
  }

  synchronized RuleSet from(long time, RuleSet rules) {
    byTime.put(time, rules);
    return rules;
  }

  @Override
  public synchronized RuleSet at(long recordTimestamp) {
    return byTime.floorEntry(recordTimestamp).getValue();
  }

  @Override
  public synchronized @Nullable RuleSet version(String version) {
    return byTime.values().stream()
        .filter(rules -> rules.version().equals(version))
        .findFirst()
        .orElse(null);
  }
}
