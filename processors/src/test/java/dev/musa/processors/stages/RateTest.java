package dev.musa.processors.stages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RateTest {
  @Property
  void refilled_anyTime_neverOverflows(
      @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long items,
      @ForAll @IntRange(min = 1, max = 3_600_000) int perMillis,
      @ForAll @LongRange(min = 1, max = 600_000_000_000L) long burst,
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE) long elapsed) {
    Rate rate = new Rate(items, perMillis, burst);
    BigInteger exact = BigInteger.valueOf(items).multiply(BigInteger.valueOf(elapsed));

    assertThat(rate.refilled(0, elapsed))
        .isEqualTo(exact.min(BigInteger.valueOf(rate.full())).longValueExact());
  }

  @Test
  void construction_burstThatDoesNotFit_saysWhatToDo() {
    assertThatThrownBy(() -> new Rate(1, 3_600_000, Long.MAX_VALUE / 3_600_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("use a shorter period or a smaller burst");
  }
}
