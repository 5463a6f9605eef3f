package dev.musa.processors.sampling;

import java.util.ArrayList;
import java.util.List;

/** The host of a sampler without Kafka: commits, and crashes back to what it has committed. */
final class SimulatedLoop implements DecisionSink {
  /** Ways to be wrong, to show that the comparison notices. */
  enum Defect {
    NONE,
    FORGETS_DECISIONS_IN_A_CRASH,
    COMMITS_PASS_ONE_POSITION,
    DECIDES_BY_THE_CLOCK_WHILE_BEHIND,
    HOLDS_NO_RULES_PER_TRACE,
    COUNTS_DROPPED_SPANS,
    LEAVES_OUT_TRACES_OF_DROPPED_SPANS,
    COMMITS_OUTPUT_WITHOUT_POSITION
  }

  record Decision(
      SimulatedLog.TraceId trace,
      Outcome outcome,
      int spans,
      long duration,
      long at,
      long seenTo) {}

  private final SimulatedLog log;
  private final SamplerLimits limits;
  private final Defect defect;
  private final TraceHash hash;
  private PartitionSampler<TestRules> sampler;
  private long passOne;
  private long passTwo;
  private long late;
  private final List<Decision> decided = new ArrayList<>();
  private final List<Integer> forwarded = new ArrayList<>();

  private long committed;
  final List<Decision> decisions = new ArrayList<>();
  final List<Integer> output = new ArrayList<>();
  long lateSpans;

  SimulatedLoop(SimulatedLog log, SamplerLimits limits, Defect defect, TraceHash hash) {
    this.log = log;
    this.limits = limits;
    this.defect = defect;
    this.hash = hash;
    start();
  }

  private void start() {
    late = 0;
    sampler = new PartitionSampler<>(limits, committed, hash, this);
    passOne = committed;
    passTwo = committed;
    if (defect == Defect.FORGETS_DECISIONS_IN_A_CRASH) {
      return;
    }
    long since =
        committed < log.end()
            ? log.at(committed).stamp() - limits.rememberMillis()
            : Long.MIN_VALUE;
    for (Decision decision : decisions) {
      if (decision.at >= since) {
        sampler.restore(decision.trace.high(), decision.trace.low(), decision.outcome, decision.at);
      }
      sampler.restoredUpTo(decision.seenTo);
    }
  }

  void crash() {
    decided.clear();
    forwarded.clear();
    start();
  }

  void readOne() {
    if (passOne == log.end() || sampler.isSaturated()) {
      return;
    }
    SimulatedLog.Entry entry = log.at(passOne);
    sampler.read(passOne, entry.stamp(), log.rulesAt(entry.stamp()));
    for (SimulatedLog.Span span : entry.spans()) {
      TestRules inForce = log.rulesAt(entry.stamp());
      if (defect == Defect.LEAVES_OUT_TRACES_OF_DROPPED_SPANS && inForce.drops(span)) {
        continue;
      }
      TestRules rules = sampler.enter(span.trace().high(), span.trace().low());
      if (rules == null) {
        continue;
      }
      if (defect == Defect.HOLDS_NO_RULES_PER_TRACE) {
        rules = inForce;
      }
      if (!rules.drops(span) || defect == Defect.COUNTS_DROPPED_SPANS) {
        sampler.addSpan(span.start(), span.end(), rules.conditions(span));
      }
    }
    passOne++;
    assertMemoryIsBounded();
  }

  void tick(long now) {
    sampler.tick(now, passOne == log.end() || defect == Defect.DECIDES_BY_THE_CLOCK_WHILE_BEHIND);
  }

  void forwardOne() {
    if (passTwo >= sampler.watermark()) {
      return;
    }
    SimulatedLog.Entry entry = log.at(passTwo);
    sampler.pass(passTwo, entry.stamp());
    for (SimulatedLog.Span span : entry.spans()) {
      Outcome outcome = sampler.outcome(span.trace().high(), span.trace().low());
      TestRules rules =
          defect == Defect.HOLDS_NO_RULES_PER_TRACE
              ? log.rulesAt(entry.stamp())
              : log.rules(outcome.rulesVersion());
      if (outcome.kept() && !rules.drops(span)) {
        forwarded.add(span.number());
      }
    }
    passTwo++;
    sampler.passed(passTwo);
  }

  void commit() {
    decisions.addAll(decided);
    output.addAll(forwarded);
    decided.clear();
    forwarded.clear();
    lateSpans += sampler.lateSpans() - late;
    late = sampler.lateSpans();
    committed =
        switch (defect) {
          case COMMITS_PASS_ONE_POSITION -> passOne;
          case COMMITS_OUTPUT_WITHOUT_POSITION -> Math.max(0, passTwo - 1);
          default -> passTwo;
        };
  }

  boolean isDone() {
    return committed == log.end();
  }

  @Override
  public void decided(
      long high, long low, Outcome outcome, int spans, long duration, long conditions) {
    decided.add(
        new Decision(
            new SimulatedLog.TraceId(high, low),
            outcome,
            spans,
            duration,
            sampler.time(),
            sampler.nextToRead()));
  }

  private void assertMemoryIsBounded() {
    if (sampler.waitingTraces() > limits.maxWaiting()) {
      throw new AssertionError("waiting: " + sampler.waitingTraces());
    }
  }

  @Override
  public String toString() {
    return "passOne=%d watermark=%d passTwo=%d committed=%d end=%d time=%d"
        .formatted(passOne, sampler.watermark(), passTwo, committed, log.end(), sampler.time());
  }
}
