package dev.musa.processors.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class WaitingTracesTest {
  private record Id(long high, long low) {}

  private record Summary(long offset, long time, int spans, long conditions, char rules) {}

  @Property(tries = 200)
  void findsWhatWasAddedInItsOrder_likeALinkedMap(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TraceHash hash = random.nextBoolean() ? new TraceHash(random) : new WeakHash(random, 3, 5);
    WaitingTraces traces = new WaitingTraces(hash);
    Map<Id, Summary> model = new LinkedHashMap<>();
    int growing = random.nextInt(40, 90);
    for (int step = 0; step < 3000; step++) {
      Id id = new Id(random.nextInt(40), random.nextInt(40));
      hash.of(id.high, id.low);
      long number = traces.find(id.high, id.low);
      assertThat(number >= 0).as("seed %d", seed).isEqualTo(model.containsKey(id));
      if (number < 0 && random.nextInt(100) < growing) {
        char rules = (char) random.nextInt();
        number = traces.add(id.high, id.low, step, step * 10L, rules);
        model.put(id, new Summary(step, step * 10L, 0, 0, rules));
      }
      if (number >= 0) {
        long bit = 1L << random.nextInt(64);
        traces.addSpan(number, 0, 0, bit);
        model.compute(
            id, (_, s) -> new Summary(s.offset, s.time, s.spans + 1, s.conditions | bit, s.rules));
      }
      if (!model.isEmpty() && random.nextInt(100) >= growing) {
        Map.Entry<Id, Summary> oldest = model.entrySet().iterator().next();
        long head = traces.head();
        Id headId = new Id(traces.high(head), traces.low(head));
        assertThat(headId).as("seed %d", seed).isEqualTo(oldest.getKey());
        assertThat(
                new Summary(
                    traces.firstOffset(head),
                    traces.firstTime(head),
                    traces.spans(head),
                    traces.conditions(head),
                    traces.rules(head)))
            .isEqualTo(oldest.getValue());
        hash.of(headId.high, headId.low);
        traces.removeHead();
        model.remove(headId);
      }
      assertThat(traces.size()).isEqualTo(model.size());
    }
  }

  @Test
  void duration_spansFromFirstStartToLastEnd_unsetTimesAside() {
    assertThat(durationOf(0, 0)).isZero();
    assertThat(durationOf(100, 90)).isZero();
    assertThat(durationOf(100, 150, 0, 170, 120, 0)).isEqualTo(70);
    assertThat(durationOf(-2, -1)).isEqualTo(1);
    assertThat(durationOf(1, -1)).isEqualTo(Long.MAX_VALUE);
  }

  private static long durationOf(long... times) {
    TraceHash hash = new TraceHash(new SplittableRandom(1));
    WaitingTraces traces = new WaitingTraces(hash);
    hash.of(1, 2);
    long number = traces.add(1, 2, 0, 0, (char) 0);
    for (int i = 0; i < times.length; i += 2) {
      traces.addSpan(number, times[i], times[i + 1], 0);
    }
    return traces.durationNanos(number);
  }
}
