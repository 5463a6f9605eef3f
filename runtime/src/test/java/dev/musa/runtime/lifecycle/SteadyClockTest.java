package dev.musa.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private static final Instant BEGIN = Instant.parse("2026-01-31T08:00:00Z");

  @Test
  void clockThatIsSetBack_changesNothing() {
    AtomicReference<Instant> clock = new AtomicReference<>(BEGIN);
    AtomicLong nanos = new AtomicLong(-5);
    SteadyClock steady = SteadyClock.from(clock::get, nanos::get);

    clock.set(BEGIN.minus(Duration.ofHours(1)));
    nanos.addAndGet(Duration.ofSeconds(2).toNanos());

    assertThat(steady.instant()).isEqualTo(BEGIN.plusSeconds(2));
    assertThat(steady.millis()).isEqualTo(BEGIN.toEpochMilli() + 2_000);
  }
}
