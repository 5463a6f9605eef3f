package dev.musa.processors.sampling;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Holds every span of every trace, decides by looking at them, and never forgets. */
final class NaiveSampler {
  private static final class Held {
    final long first;
    final TestRules rules;
    final List<SimulatedLog.Span> spans = new ArrayList<>();

    Held(long first, TestRules rules) {
      this.first = first;
      this.rules = rules;
    }
  }

  record Decision(Outcome outcome, int spans, long duration) {}

  private final Map<SimulatedLog.TraceId, Held> held = new LinkedHashMap<>();
  final Map<SimulatedLog.TraceId, Decision> decisions = new LinkedHashMap<>();
  final TreeSet<Integer> kept = new TreeSet<>();
  long late;

  NaiveSampler(SimulatedLog log, int maxWaiting) {
    for (SimulatedLog.Entry entry : log.entries()) {
      decideUntil(entry.time());
      for (SimulatedLog.Span span : entry.spans()) {
        if (decisions.containsKey(span.trace())) {
          late++;
          continue;
        }
        if (!held.containsKey(span.trace()) && held.size() == maxWaiting) {
          decideOldest();
        }
        Held trace =
            held.computeIfAbsent(
                span.trace(), _ -> new Held(entry.time(), log.rulesAt(entry.stamp())));
        if (!trace.rules.drops(span)) {
          trace.spans.add(span);
        }
      }
    }
    while (!held.isEmpty()) {
      decideOldest();
    }
    for (SimulatedLog.Entry entry : log.entries()) {
      for (SimulatedLog.Span span : entry.spans()) {
        Outcome outcome = decisions.get(span.trace()).outcome;
        if (outcome.kept() && !log.rules(outcome.rulesVersion()).drops(span)) {
          kept.add(span.number());
        }
      }
    }
  }

  private void decideUntil(long time) {
    while (!held.isEmpty()) {
      Held oldest = held.values().iterator().next();
      if (oldest.first + oldest.rules.waitMillis() > time) {
        return;
      }
      decideOldest();
    }
  }

  private void decideOldest() {
    Iterator<Map.Entry<SimulatedLog.TraceId, Held>> all = held.entrySet().iterator();
    Map.Entry<SimulatedLog.TraceId, Held> oldest = all.next();
    all.remove();
    Held trace = oldest.getValue();
    long start =
        trace.spans.stream()
            .mapToLong(SimulatedLog.Span::start)
            .filter(s -> s != 0)
            .min()
            .orElse(0);
    long end = trace.spans.stream().mapToLong(SimulatedLog.Span::end).max().orElse(0);
    long duration = start == 0 ? 0 : Math.max(0, end - start);
    decisions.put(
        oldest.getKey(),
        new Decision(judge(oldest.getKey(), trace, duration), trace.spans.size(), duration));
  }

  private static Outcome judge(SimulatedLog.TraceId id, Held trace, long duration) {
    TestRules.TestPolicy taken = null;
    for (TestRules.TestPolicy policy : trace.rules.all()) {
      boolean flag =
          policy.flag() == 0
              || trace.spans.stream().anyMatch(s -> (s.flags() & policy.flag()) != 0);
      double random = (id.low() & 0xff_ffff_ffff_ffffL) / Math.pow(2, 56);
      boolean matches =
          flag && duration > policy.longerThanNanos() && random >= 1 - policy.probability();
      boolean drop = policy.onMatch() != Verdict.KEPT;
      if (matches && (taken == null || (drop && taken.onMatch() == Verdict.KEPT))) {
        taken = policy;
      }
    }
    if (taken != null) {
      return new Outcome(taken.onMatch(), taken.name(), trace.rules.version());
    }
    return new Outcome(
        trace.rules.samples() ? Verdict.SAMPLED_OUT : Verdict.KEPT, null, trace.rules.version());
  }
}
