package dev.musa.processors.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Runs both passes over random logs with random interleavings, rule changes, late spans and
 * restarts, and compares with a sampler that holds everything. A failure names the seed.
 */
class SamplerSimulationTest {
  private static final long FOREVER = Long.MAX_VALUE / 4;

  /** As when a clock is set forward or back. */
  private static final long STEP = 3_600_000;

  @Property(tries = 4000, shrinking = ShrinkingMode.OFF)
  void decidesAndForwardsAsTheSamplerThatHoldsEverything(@ForAll long seed) {
    compareWithNaive(seed, SimulatedLoop.Defect.NONE);
  }

  /**
   * Ended by a crash, a first run had decided the oldest traces early, as too many waited. What is
   * behind them must not be decided sooner for their absence.
   */
  @Test
  void afterARestart_nothingIsDecidedThatWasUndecidedThere() {
    compareWithNaive(-935423, SimulatedLoop.Defect.NONE);
  }

  @Property(tries = 40, shrinking = ShrinkingMode.OFF)
  void aRestartAtAnyStepChangesNothing(@ForAll long seed) {
    int steps = run(seed, SimulatedLoop.Defect.NONE, Integer.MAX_VALUE).steps;
    for (int crashAt = 0; crashAt < steps; crashAt++) {
      assertSameAsNaive(seed, run(seed, SimulatedLoop.Defect.NONE, crashAt));
    }
  }

  @Property(tries = 2000, shrinking = ShrinkingMode.OFF)
  void aTraceIsWholeForAsLongAsItIsRemembered(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long remember = random.nextLong(1, 200);
    int maxRemembered = random.nextBoolean() ? random.nextInt(1, 6) : 1_000_000;
    int maxWaiting = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 1000;
    boolean crashes = random.nextBoolean();
    Run run =
        run(
            random,
            new SamplerLimits(remember, maxWaiting, maxRemembered),
            SimulatedLoop.Defect.NONE,
            crashes ? random.nextInt(1, 12) : 0,
            -1,
            new TraceHash(random));
    assertNothingTwice(seed, run);
    assertEachTraceFollowsItsDecisions(seed, run);
    if (maxRemembered == 1_000_000) {
      assertDecidedAgainOnlyAfter(seed, remember, run);
    }
  }

  @Property(tries = 1000, shrinking = ShrinkingMode.OFF)
  void aTraceThatIsTakenForAnotherIsNotSplit(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Run run =
        run(
            random,
            new SamplerLimits(FOREVER, 1000, 1_000_000),
            SimulatedLoop.Defect.NONE,
            0,
            -1,
            new WeakHash(random, random.nextInt(3), 0));
    assertNothingTwice(seed, run);
    var kept = new HashSet<>(run.loop.output);
    spansByTrace(run)
        .forEach((trace, spans) ->
            assertThat(run.loop.decisions)
                .as("seed %d: %s is split%n%s", seed, trace, run.log)
                .anyMatch(
                    d -> spans.stream().allMatch(s -> fits(run, d, s, kept.contains(s.number())))));
  }

  @ParameterizedTest
  @EnumSource(value = SimulatedLoop.Defect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aDefectIsNoticed(SimulatedLoop.Defect defect) {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < 500; seed++) {
                compareWithNaive(seed, defect);
              }
            })
        .isInstanceOfAny(AssertionError.class, IllegalStateException.class);
  }

  private static void compareWithNaive(long seed, SimulatedLoop.Defect defect) {
    assertSameAsNaive(seed, run(seed, defect, -1));
  }

  private static void assertSameAsNaive(long seed, Run run) {
    NaiveSampler naive = new NaiveSampler(run.log, run.limits.maxWaiting());
    Map<SimulatedLog.TraceId, NaiveSampler.Decision> decisions = new HashMap<>();
    for (SimulatedLoop.Decision d : run.loop.decisions) {
      NaiveSampler.Decision before =
          decisions.put(d.trace(), new NaiveSampler.Decision(d.outcome(), d.spans(), d.duration()));
      assertThat(before).as("seed %d: decided twice: %s", seed, d).isNull();
    }
    assertThat(decisions).as("seed %d: decisions%n%s", seed, run.log).isEqualTo(naive.decisions);
    assertNothingTwice(seed, run);
    assertThat(run.loop.output.stream().sorted())
        .as("seed %d: spans%n%s", seed, run.log)
        .containsExactlyElementsOf(naive.kept);
    if (run.crashes == 0) {
      assertThat(run.loop.lateSpans).as("seed %d: late", seed).isEqualTo(naive.late);
    }
  }

  private static void assertNothingTwice(long seed, Run run) {
    assertThat(run.loop.output).as("seed %d: a span twice", seed).doesNotHaveDuplicates();
  }

  /** The spans of a trace, in order, are kept or not in as many runs as it has decisions. */
  private static void assertEachTraceFollowsItsDecisions(long seed, Run run) {
    Map<SimulatedLog.TraceId, List<SimulatedLoop.Decision>> decisions = new HashMap<>();
    run.loop.decisions.forEach(
        d -> decisions.computeIfAbsent(d.trace(), _ -> new ArrayList<>()).add(d));
    var spans = spansByTrace(run);
    assertThat(decisions.keySet()).as("seed %d", seed).isEqualTo(spans.keySet());
    var kept = new HashSet<>(run.loop.output);
    spans.forEach((trace, all) -> {
      List<SimulatedLoop.Decision> own = decisions.get(trace);
      int at = 0;
      for (SimulatedLog.Span span : all) {
        while (at < own.size() && !fits(run, own.get(at), span, kept.contains(span.number()))) {
          at++;
        }
        assertThat(at)
            .as("seed %d: %s fits none of %s%n%s", seed, span, own, run.log)
            .isLessThan(own.size());
      }
    });
  }

  private static Map<SimulatedLog.TraceId, List<SimulatedLog.Span>> spansByTrace(Run run) {
    Map<SimulatedLog.TraceId, List<SimulatedLog.Span>> spans = new HashMap<>();
    for (SimulatedLog.Entry entry : run.log.entries()) {
      for (SimulatedLog.Span span : entry.spans()) {
        spans.computeIfAbsent(span.trace(), _ -> new ArrayList<>()).add(span);
      }
    }
    return spans;
  }

  private static boolean fits(
      Run run, SimulatedLoop.Decision decision, SimulatedLog.Span span, boolean kept) {
    Outcome outcome = decision.outcome();
    return kept == (outcome.kept() && !run.log.rules(outcome.rulesVersion()).drops(span));
  }

  private static void assertDecidedAgainOnlyAfter(long seed, long remember, Run run) {
    Map<SimulatedLog.TraceId, Long> decidedAt = new HashMap<>();
    for (SimulatedLoop.Decision d : run.loop.decisions) {
      Long before = decidedAt.put(d.trace(), d.at());
      if (before != null) {
        assertThat(d.at())
            .as("seed %d: %s decided again after a decision at %d", seed, d, before)
            .isGreaterThan(before + remember);
      }
    }
  }

  private static Run run(long seed, SimulatedLoop.Defect defect, int crashAt) {
    SplittableRandom random = new SplittableRandom(seed);
    int maxWaiting = random.nextInt(4) == 0 ? random.nextInt(1, 5) : 1000;
    return run(
        random,
        new SamplerLimits(FOREVER, maxWaiting, 1_000_000),
        defect,
        crashAt >= 0 ? 0 : random.nextInt(3) == 0 ? 0 : random.nextInt(1, 15),
        crashAt,
        new TraceHash(random));
  }

  private record Run(
      SimulatedLog log, SimulatedLoop loop, SamplerLimits limits, int steps, int crashes) {}

  /** One in {@code crashPercent} steps is a crash, or else the one step {@code crashAt}. */
  private static Run run(
      SplittableRandom random,
      SamplerLimits limits,
      SimulatedLoop.Defect defect,
      int crashPercent,
      int crashAt,
      TraceHash hash) {
    RandomGenerator schedule = random.split();
    SimulatedLog log = new SimulatedLog(random.split(), 1 + random.nextInt(12));
    int records = 1 + random.nextInt(40);
    long now = 100 * STEP;
    SimulatedLoop loop = new SimulatedLoop(log, limits, defect, hash);
    boolean clockSteps = limits.rememberMillis() == FOREVER && schedule.nextInt(3) == 0;
    int steps = 0;
    int crashes = 0;
    int reading = schedule.nextInt(1, 30);
    int passing = schedule.nextInt(1, 30);
    while (log.end() < records || !loop.isDone()) {
      if (steps == crashAt || (crashPercent > 0 && schedule.nextInt(100) < crashPercent)) {
        loop.crash();
        crashes++;
      }
      if (steps > 2000) {
        crashPercent = 0;
      }
      if (steps++ > 20_000) {
        throw new AssertionError("does not come to an end: " + loop + "\n" + log);
      }
      int action = schedule.nextInt(reading + passing + 40);
      if (action < 10 && log.end() < records) {
        log.append(now);
        if (clockSteps && schedule.nextInt(10) == 0) {
          // At once, as no log tells how much time has passed beside a step.
          now += schedule.nextBoolean() ? STEP : -STEP;
          log.append(now);
        }
        if (schedule.nextInt(10) == 0) {
          log.changeRules(now);
        }
      } else if (action < 20) {
        now += schedule.nextLong(schedule.nextInt(8) == 0 ? 300 : 8);
      } else if (action < 30) {
        loop.tick(now);
      } else if (action < 40) {
        loop.commit();
      } else if (action < 40 + reading) {
        loop.readOne();
      } else {
        loop.forwardOne();
      }
    }
    return new Run(log, loop, limits, steps, crashes);
  }
}
