package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RetryAdviceTest {
  @Test
  void delays_areSpreadFromHalfToOneAndAHalf() {
    Random random = new Random(1);
    RetryAdvice advice = new RetryAdvice(Duration.ofSeconds(2), () -> random);

    Set<Duration> delays = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      Duration delay = advice.next();
      assertThat(delay).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
      delays.add(delay);
    }
    assertThat(delays).hasSizeGreaterThan(500);
  }

  @Test
  void seconds_areWhole_atLeastOne_andRoundedUp() {
    Random random = new Random(1);
    assertThat(new RetryAdvice(Duration.ofMillis(1), () -> random).nextSeconds()).isEqualTo(1);
    Set<Long> seconds = new HashSet<>();
    RetryAdvice advice = new RetryAdvice(Duration.ofSeconds(2), () -> random);
    for (int i = 0; i < 1000; i++) {
      seconds.add(advice.nextSeconds());
    }
    assertThat(seconds).isSubsetOf(1L, 2L, 3L).contains(2L, 3L);
  }
}
