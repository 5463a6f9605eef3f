package dev.musa.processors.traces;

import dev.musa.processors.stages.Limits;
import dev.musa.rules.RuleSet;
import dev.musa.rules.TraceRules;
import java.util.LinkedHashMap;
import java.util.Map;

/** The rule sets in use, compiled at first need. For one thread. */
final class TracePrograms {
  /** More than are in use together, as each is in force for seconds at least. */
  private static final int MOST_PROGRAMS = 64;

  private final RuleSets rules;
  private final Limits limits;
  private final Map<String, TraceProgram> byVersion = new LinkedHashMap<>(16, 0.75f, true);

  TracePrograms(RuleSets rules, Limits limits) {
    this.rules = rules;
    this.limits = limits;
  }

  /** What is in force for a record with this timestamp. */
  TraceProgram at(long recordTimestamp) {
    RuleSet set = rules.at(recordTimestamp);
    TraceProgram known = byVersion.get(set.version());
    return known != null ? known : compile(set);
  }

  /** A version that a trace was decided under. */
  TraceProgram version(String version) {
    TraceProgram known = byVersion.get(version);
    if (known != null) {
      return known;
    }
    RuleSet set = rules.version(version);
    if (set == null) {
      // Without its rules a span can be neither redacted nor filtered: fail closed.
      throw new UnknownRulesException(version);
    }
    return compile(set);
  }

  private TraceProgram compile(RuleSet set) {
    TraceRules traces = set.traces();
    TraceProgram program =
        new TraceProgram(
            set.version(), traces.beforeSample(), traces.sample(), traces.steps(), limits);
    byVersion.put(set.version(), program);
    if (byVersion.size() > MOST_PROGRAMS) {
      byVersion.remove(byVersion.keySet().iterator().next());
    }
    return program;
  }
}
