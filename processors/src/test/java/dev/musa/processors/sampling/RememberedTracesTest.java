package dev.musa.processors.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RememberedTracesTest {
  private static final Outcome KEPT = new Outcome(Verdict.KEPT, "errors", "v1");
  private static final Outcome LOST = new Outcome(Verdict.SAMPLED_OUT, null, "v1");

  private record Id(long high, long low) {}

  private record Entry(Outcome outcome, long stamp) {}

  @Property(tries = 100)
  void remembersForTheTimeToLive_andLittleLonger(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TraceHash hash = new TraceHash(random);
    long timeToLive = random.nextLong(100, 1000);
    RememberedTraces traces = new RememberedTraces(timeToLive);
    Map<Id, Entry> model = new HashMap<>();
    long now = 0;
    for (int step = 0; step < 3000; step++) {
      now += random.nextInt(20) == 0 ? random.nextLong(timeToLive * 3) : random.nextLong(4);
      long passed = now - random.nextLong(timeToLive);
      traces.forgetBefore(passed - timeToLive);
      Id id = new Id(random.nextInt(20), random.nextInt(20));
      hash.of(id.high, id.low);
      Entry expected = model.get(id);
      Outcome found =
          random.nextBoolean()
              ? traces.find(hash, id.high, id.low)
              : traces.findAndRefresh(hash, id.high, id.low, now);
      if (found != null) {
        assertThat(found).as("seed %d", seed).isEqualTo(expected.outcome);
        traces.findAndRefresh(hash, id.high, id.low, now);
        model.put(id, new Entry(found, now));
      } else {
        if (expected != null) {
          assertThat(expected.stamp).as("seed %d", seed).isLessThan(now - timeToLive);
        }
        Outcome outcome = new Outcome(Verdict.KEPT, "p" + random.nextInt(5), "v" + step / 100);
        traces.put(hash, id.high, id.low, outcome, now);
        model.put(id, new Entry(outcome, now));
      }
      assertThat(traces.collisions()).isZero();
    }
    traces.forgetBefore(Long.MAX_VALUE);
    assertThat(traces.size()).isZero();
  }

  @Test
  void put_anotherTraceWithTheSameFingerprint_keepsBothApart() {
    TraceHash hash = new WeakHash(new SplittableRandom(1), 0, 0);
    RememberedTraces traces = new RememberedTraces(1000);
    hash.of(1, 1);
    traces.put(hash, 1, 1, KEPT, 0);
    hash.of(2, 2);
    traces.put(hash, 2, 2, LOST, 0);
    assertThat(traces.find(hash, 1, 1)).isEqualTo(KEPT);
    assertThat(traces.find(hash, 2, 2)).isEqualTo(LOST);
    assertThat(traces.collisions()).isOne();
    assertThat(traces.size()).isEqualTo(2);
    assertThat(traces.findAndRefresh(hash, 2, 2, 500)).isEqualTo(LOST);
    traces.forgetBefore(501);
    assertThat(traces.size()).isZero();
  }

  @Test
  void restore_twoDecisionsOfOneTrace_theLastHolds() {
    TraceHash hash = new TraceHash(new SplittableRandom(1));
    RememberedTraces traces = new RememberedTraces(1000);
    hash.of(1, 1);
    traces.restore(hash, KEPT, 0);
    traces.restore(hash, LOST, 5000);
    assertThat(traces.find(hash, 1, 1)).isEqualTo(LOST);
    assertThat(traces.size()).isOne();
    traces.forgetBefore(4999);
    assertThat(traces.find(hash, 1, 1)).isEqualTo(LOST);
  }

  @Test
  void forgetOldestBefore_sparesWhatPassTwoHasNotPassed() {
    TraceHash hash = new TraceHash(new SplittableRandom(1));
    RememberedTraces traces = new RememberedTraces(160);
    hash.of(1, 1);
    traces.put(hash, 1, 1, KEPT, 0);
    hash.of(2, 2);
    traces.put(hash, 2, 2, LOST, 50);
    assertThat(traces.forgetOldestBefore(0)).isFalse();
    assertThat(traces.forgetOldestBefore(50)).isTrue();
    assertThat(traces.find(hash, 2, 2)).isEqualTo(LOST);
    assertThat(traces.size()).isOne();
    assertThat(traces.forgetOldestBefore(50)).isFalse();
  }
}
