package dev.musa.benchmarks.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.benchmarks.backend.BackendStats;
import dev.musa.benchmarks.kafka.TopicCount;
import dev.musa.benchmarks.load.Latency;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.schemas.Signal;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private static final LoadCounts.Sent CLEAN = new LoadCounts.Sent(100_000, 100_000, 1_000, 0, 0);
  private static final LoadCounts.Sent PARTLY_FAILED =
      new LoadCounts.Sent(100_000, 99_000, 990, 0, 1_000);

  private final Checks checks = new Checks();
  private Locale before = Locale.getDefault();

  @BeforeEach
  void fixLocale() {
    before = Locale.getDefault();
    Locale.setDefault(Locale.ROOT);
  }

  @AfterEach
  void restoreLocale() {
    Locale.setDefault(before);
  }

  @Test
  void equalCounts_areRight() {
    checks.load(Signal.TRACES, CLEAN);
    checks.topic("t", topic(100_000), CLEAN);
    checks.delivered(Signal.TRACES, received(100_000, 1_000), CLEAN);

    assertThat(checks.problems()).isEmpty();
    assertThat(checks.counts())
        .containsExactly(
            "traces sent 100,000, acknowledged 100,000",
            "t holds 100,000",
            "the backend got 100,000 of traces");
  }

  @Test
  void loss_isWrong() {
    checks.topic("t", topic(99_999), CLEAN);
    checks.delivered(Signal.TRACES, received(99_950, 1_000), CLEAN);

    assertThat(checks.problems())
        .containsExactly(
            "topic t holds 99,999 items (expected: 100,000 acknowledged)",
            "traces: the backend got 99,950 items (expected: 100,000 acknowledged)");
  }

  @Test
  void whatTheProcessorsWrote_mustComeOut() {
    checks.output(Signal.TRACES, "musa.traces", 500, 499);

    assertThat(checks.problems())
        .containsExactly(
            "traces: the backend got 499 items (expected: the 500 that musa.traces holds)");
  }

  @Test
  void everythingJoined_isRight() {
    checks.joined(new PodFigures(40, 40, 0), "t", topic(500), new TopicCount(9, 500, 240_000, 500));

    assertThat(checks.problems()).isEmpty();
    assertThat(checks.counts())
        .containsExactly(
            "the processors know 40 pods, and passed on 0 items without theirs",
            "t holds 500 items that were joined to their pod, 480.0 bytes an item after 400.0");
  }

  @Test
  void noPods_nothingIsJoined() {
    checks.joined(new PodFigures(0, 0, 0), "t", topic(500), topic(500));

    assertThat(checks.problems()).isEmpty();
  }

  @Test
  void joinOfSomeOnly_isWrong() {
    checks.joined(new PodFigures(40, 39, 1), "t", topic(500), new TopicCount(9, 500, 240_000, 499));

    assertThat(checks.problems())
        .containsExactly(
            "the processors know 39 pods (expected: 40)",
            "the processors passed on 1 items without their pod (expected: none)",
            "499 items were joined to their pod, and 0 before they were processed (expected: 500 and none)");
  }

  @Test
  void joinThatAddsNothing_isWrong() {
    checks.joined(new PodFigures(40, 40, 0), "t", topic(500), new TopicCount(9, 500, 200_000, 500));

    assertThat(checks.problems())
        .containsExactly(
            "an item of t has 400.0 bytes (expected: more than the 400.0 it came with)");
  }

  @Test
  void joinWithoutPods_isWrong() {
    checks.joined(new PodFigures(0, 0, 0), "t", topic(500), new TopicCount(9, 500, 240_000, 500));

    assertThat(checks.problems()).hasSize(1);
  }

  @Test
  void mostCallsRefused_isWrong() {
    checks.load(Signal.LOGS, new LoadCounts.Sent(100, 50, 0, 0, 50));

    assertThat(checks.problems())
        .containsExactly("logs: only 50 items of 100 were acknowledged (expected: most of them)");
  }

  @Test
  void duplicates_areWrong() {
    checks.delivered(Signal.TRACES, received(100_001, 1_000), CLEAN);

    assertThat(checks.problems()).hasSize(1);
  }

  @Test
  void failedCalls_mayHaveBeenTaken() {
    checks.topic("t", topic(99_500), PARTLY_FAILED);

    assertThat(checks.problems()).isEmpty();
  }

  @Test
  void partialSuccess_isWrong() {
    checks.load(Signal.LOGS, new LoadCounts.Sent(100, 90, 0, 10, 0));

    assertThat(checks.problems())
        .containsExactly("logs: 10 items were refused by partial success (expected: none)");
  }

  @Test
  void nothingAcknowledged_isWrong() {
    checks.load(Signal.LOGS, new LoadCounts.Sent(100, 0, 0, 0, 100));

    assertThat(checks.problems()).containsExactly("logs: nothing was acknowledged");
  }

  @Test
  void sampling_keepsErrorsAndItsShare() {
    checks.sampled(received(17_300, 1_000), CLEAN, 0.08, 0.1, 8);

    assertThat(checks.problems()).isEmpty();
    assertThat(checks.counts())
        .contains("kept 17.30 % of the spans, expected 17.20 %, error spans 1,000 of 1,000");
  }

  @Test
  void sampling_losingAnErrorIsWrong() {
    checks.sampled(received(17_300, 999), CLEAN, 0.08, 0.1, 8);

    assertThat(checks.problems())
        .containsExactly("traces: the backend got 999 error spans (expected: all 1,000)");
  }

  @Test
  void sampling_farFromItsShareIsWrong() {
    checks.sampled(received(25_000, 1_000), CLEAN, 0.08, 0.1, 8);

    assertThat(checks.problems()).hasSize(1);
  }

  private static TopicCount topic(long items) {
    return new TopicCount(10, items, 400 * items, 0);
  }

  private static BackendStats.Received received(long items, long errors) {
    return new BackendStats.Received(items, 10, 1_000, errors, new Latency(0, 0, 0, 0, 0));
  }
}
