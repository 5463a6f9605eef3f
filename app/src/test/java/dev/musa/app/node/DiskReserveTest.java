package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.Health;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DiskReserveTest {
  private static final long MIB = 1 << 20;

  private final AtomicLong usable = new AtomicLong(2000 * MIB);
  private final Gate gate = new Gate();
  private final DiskReserve reserve =
      new DiskReserve(Path.of("data"), DataSize.parse("1000MiB"), usable::get, gate);

  private long seconds;
  private long logBytes;

  private void check() {
    reserve.check(TimeUnit.SECONDS.toNanos(seconds), logBytes);
  }

  /** The log grows for a while, or shrinks, and the disk fills with it. */
  private void grow(int forSeconds, long bytesPerSecond) {
    for (int i = 0; i < forSeconds; i++) {
      seconds++;
      logBytes += bytesPerSecond;
      usable.addAndGet(-bytesPerSecond);
      check();
    }
  }

  private String reasonAt(double random) {
    return String.valueOf(gate.reason(() -> random));
  }

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @Test
  void check_aboveTheReserve_leavesTheGateOpen() {
    usable.set(1000 * MIB);
    check();
    assertThat(gate.isOpen()).isTrue();
    assertThat(reserve.missing()).isZero();
  }

  @Test
  void check_belowTheReserve_shutsWithPathFreeReserveAndRemedy() {
    usable.set(999 * MIB);
    check();
    assertThat(gate.reason())
        .isEqualTo(
            "disk nearly full: 999 MiB usable at data, the reserve is 1000 MiB:"
                + " free space until 1100 MiB are usable, or lower node.diskReserve");
    assertThat(reserve.missing()).isEqualTo(101 * MIB);
  }

  @Test
  void check_aboveTheReserveAgain_opensOnlyATenthAboveIt() {
    usable.set(0);
    check();
    usable.set(1099 * MIB);
    check();
    assertThat(gate.isOpen()).isFalse();
    usable.set(1100 * MIB);
    check();
    assertThat(gate.isOpen()).isTrue();
    assertThat(reserve.missing()).isZero();
  }

  @Test
  void growthThatLeavesMoreThanTenMinutes_slowsNothing() {
    usable.set(100_000 * MIB);
    grow(300, 100 * MIB);
    assertThat(gate.health()).isEqualTo(Health.ok());
    assertThat(reasonAt(0)).isEqualTo("null");
    assertThat(reserve.secondsToFull()).isEqualTo(690);
    assertThat(reserve.missing()).isZero();
  }

  @Test
  void growthThatFillsTheDiskWithinTenMinutes_slowsTheIntakeAndAsksForSpace() {
    usable.set(30_000 * MIB + 1000 * MIB + 120 * 50 * MIB);
    grow(120, 50 * MIB);
    assertThat(reserve.secondsToFull()).isEqualTo(600);
    assertThat(reasonAt(0)).isEqualTo("null");

    grow(150, 50 * MIB);

    assertThat(reserve.secondsToFull()).isEqualTo(450);
    assertThat(gate.isOpen()).isTrue();
    assertThat(reasonAt(0.2499)).contains("1000 MiB at data within 450 s, 22500 MiB are left");
    assertThat(reasonAt(0.2501)).isEqualTo("null");
    assertThat(gate.health().ready()).isTrue();
    assertThat(gate.health().detail()).startsWith("slowed: the log grows");
    assertThat(reserve.missing()).isEqualTo(150 * 50 * MIB);

    grow(120, -10 * MIB);
    assertThat(gate.health()).isEqualTo(Health.ok());
    assertThat(reserve.secondsToFull()).isInfinite();
  }

  /** A start reads nothing into its first seconds. */
  @Test
  void burst_isNoTrend() {
    usable.set(2000 * MIB);
    grow(29, 30 * MIB);
    assertThat(gate.health()).isEqualTo(Health.ok());
  }

  @Test
  void whatOthersWriteToTheDisk_countsAsRoomOnly() {
    usable.set(100_000 * MIB);
    grow(60, MIB);
    usable.set(1600 * MIB);
    grow(1, MIB);
    assertThat(reserve.secondsToFull()).isEqualTo(599);
  }
}
