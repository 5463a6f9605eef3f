package dev.musa.processors.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private static final Health JOINING = Health.notReady("joining the group");

  private long millis;

  /** Draws the longest wait each time, so that pauses show how many failures were counted. */
  private final RandomGenerator longest =
      new RandomGenerator() {
        @Override
        public long nextLong() {
          throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
          return bound;
        }
      };

  private final Recovery recovery =
      new Recovery(
          new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), longest),
          () -> TimeUnit.MILLISECONDS.toNanos(millis));

  @Test
  void pausesGrow_ThoughEachSessionJoinsItsGroup() {
    assertThat(fail()).isEqualTo(Duration.ofMillis(200));
    recovery.after(JOINING);
    recovery.after(Health.ok());
    assertThat(fail()).isEqualTo(Duration.ofMillis(400));
    recovery.after(Health.ok());
    assertThat(fail()).isEqualTo(Duration.ofMillis(800));
  }

  @Test
  void oneFailure_IsForgottenAsSoonAsTheNextSessionWorks() {
    fail();
    assertThat(recovery.after(JOINING)).isEqualTo(JOINING);
    assertThat(recovery.after(Health.ok()).ready()).isTrue();
  }

  @Test
  void aRowOfFailures_KeepsTheLoopNotReadyUntilItHasWorkedForAWhile() {
    fail();
    recovery.after(Health.ok());
    fail();
    assertThat(recovery.after(Health.ok()).ready()).isFalse();
    millis += Recovery.STEADY_AFTER.toMillis() - 1;
    assertThat(recovery.after(Health.ok()))
        .isEqualTo(Health.notReady("begins again after: disk of broker 1 is full"));
    millis += 1;
    assertThat(recovery.after(Health.ok()).ready()).isTrue();
    assertThat(fail()).isEqualTo(Duration.ofMillis(200));
  }

  @Test
  void timeBetweenSessions_DoesNotCountAsWork() {
    fail();
    recovery.after(Health.ok());
    fail();
    millis += 2 * Recovery.STEADY_AFTER.toMillis();
    assertThat(recovery.after(JOINING).ready()).isFalse();
    assertThat(recovery.after(Health.ok()).ready()).isFalse();
  }

  private Duration fail() {
    return recovery.failed(new IllegalStateException("disk of broker 1 is full"));
  }
}
