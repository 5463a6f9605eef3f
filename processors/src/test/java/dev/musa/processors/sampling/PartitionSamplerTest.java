package dev.musa.processors.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a clock that is set back by an hour does to traces that wait, and to those decided. */
class PartitionSamplerTest {
  private static final long START = 1_700_000_000_000L;
  private static final long HOUR = 3_600_000;
  private static final long REMEMBER = 10_000;
  private static final int MILLIS_BETWEEN = 10;

  private final TestRules rules = new TestRules("v0", 100, 0, true, List.of());
  private final List<Long> stamps = new ArrayList<>();
  private final List<Long> decidedAt = new ArrayList<>();
  private PartitionSampler<TestRules> sampler = sampler(0);
  private int passed;

  private PartitionSampler<TestRules> sampler(long position) {
    return new PartitionSampler<>(
        new SamplerLimits(REMEMBER, 1_000_000, 1_000_000),
        position,
        new SplittableRandom(7),
        (_, _, _, _, _, _) -> decidedAt.add(sampler.time()));
  }

  @Test
  void clockSetBack_decidesWhatWaitedAndWhatComesInTime() {
    run(START, 1_000);

    run(START - HOUR, 1_000);

    assertThat(decidedAt).hasSizeBetween(1_950, 2_000);
    assertThat(decidedAt.getLast()).isBetween(START - HOUR + 9_000, START - HOUR + 10_000);
    assertThat(sampler.oldestWaiting()).isBetween(START - HOUR + 9_000, START - HOUR + 10_000);
  }

  @Test
  void clockSetBack_forgetsInTime() {
    run(START, 10_000);
    run(START - HOUR, 10_000);

    assertThat(sampler.rememberedTraces()).isLessThan(1_500);
  }

  @Test
  void clockSetBackAndARestart_forgetsInTimeAndNotBefore() {
    run(START, 1_000);
    run(START - HOUR, 500);
    passed = stamps.size();
    sampler = sampler(passed);
    for (int i = 0; i < 100; i++) {
      sampler.restore(1, i, new Outcome(Verdict.KEPT, null, rules.version()), START + 9_000 + i);
    }
    for (int i = 0; i < 50; i++) {
      sampler.restore(
          2, i, new Outcome(Verdict.KEPT, null, rules.version()), START - HOUR + 4_000 + i);
    }

    run(START - HOUR + 5_000, 1);
    assertThat(sampler.rememberedTraces()).isEqualTo(150);
    run(START - HOUR + 5_010, 10_000);

    assertThat(decidedAt).hasSizeGreaterThan(11_400);
    assertThat(sampler.rememberedTraces()).isLessThan(1_500);
  }

  @Test
  void restartWithoutAStep_waitsByTheRecordsAlone() {
    sampler.restore(1, 1, new Outcome(Verdict.KEPT, null, rules.version()), START + 80);

    run(START, 10);
    assertThat(decidedAt).isEmpty();
    run(START + 100, 1);

    assertThat(decidedAt).containsExactly(START + 100);
  }

  /** Records with a trace of its own each, and pass two close behind. */
  private void run(long from, int records) {
    for (int i = 0; i < records; i++) {
      long now = from + (long) MILLIS_BETWEEN * i;
      sampler.read(stamps.size(), now, rules);
      stamps.add(now);
      if (sampler.enter(9, stamps.size()) != null) {
        sampler.addSpan(0, 0, 0);
      }
      sampler.tick(now, false);
      while (passed < sampler.watermark()) {
        sampler.pass(passed, stamps.get(passed));
        passed++;
        sampler.passed(passed);
      }
    }
  }
}
