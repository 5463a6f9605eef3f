package dev.musa.runtime.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Duration INITIAL = Duration.ofMillis(100);
  private static final Duration MAX = Duration.ofSeconds(30);

  @Test
  void next_doublesTheRangeUpToTheMaximum() {
    Backoff highest = new Backoff(INITIAL, MAX, new Highest());

    assertThat(highest.next(0)).isEqualTo(Duration.ofMillis(100).minusNanos(1));
    assertThat(highest.next(1)).isEqualTo(Duration.ofMillis(200).minusNanos(1));
    assertThat(highest.next(8)).isEqualTo(Duration.ofMillis(25_600).minusNanos(1));
    assertThat(highest.next(9)).isEqualTo(MAX.minusNanos(1));
    assertThat(highest.next(1_000_000)).isEqualTo(MAX.minusNanos(1));
    assertThat(highest.next(Integer.MAX_VALUE)).isEqualTo(MAX.minusNanos(1));
  }

  @Test
  void next_drawsFromTheWholeRange() {
    Backoff backoff = new Backoff(INITIAL, MAX, new Random(1));
    int[] quarters = new int[4];
    for (int i = 0; i < 4000; i++) {
      quarters[(int) (backoff.next(0).toNanos() / 25_000_000)]++;
    }

    for (int quarter : quarters) {
      assertThat(quarter).isBetween(900, 1100);
    }
  }

  @Property
  void next_staysInRangeForEverySetting(
      @ForAll @LongRange(min = 1) long initial,
      @ForAll @LongRange(min = 0) long more,
      @ForAll @IntRange(min = 0) int attempt,
      @ForAll long seed) {
    long max = initial > Long.MAX_VALUE - more ? Long.MAX_VALUE : initial + more;
    Backoff backoff =
        new Backoff(Duration.ofNanos(initial), Duration.ofNanos(max), new Random(seed));

    assertThat(backoff.next(attempt).toNanos()).isBetween(0L, max);
  }

  @Test
  void impossibleSettingsAreRefused() {
    Random random = new Random(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(Duration.ZERO, MAX, random))
        .withMessage("initial is PT0S (expected: more than 0)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(MAX, INITIAL, random))
        .withMessage("max is PT0.1S (expected: at least initial, PT30S)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(INITIAL, MAX, random).next(-1))
        .withMessage("attempt is -1 (expected: 0 or more)");
  }

  /** Draws the highest value of every range. */
  private static final class Highest implements RandomGenerator {
    @Override
    public long nextLong() {
      throw new UnsupportedOperationException("only bounded draws are expected");
    }

    @Override
    public long nextLong(long bound) {
      return bound - 1;
    }
  }
}
