package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.Gate;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DiskReserveTest {
  private static final long MIB = 1 << 20;

  private final AtomicLong usable = new AtomicLong(2000 * MIB);
  private final Gate gate = new Gate();
  private final DiskReserve reserve =
      new DiskReserve(Path.of("data"), DataSize.parse("1000MiB"), usable::get, gate);

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @Test
  void check_aboveTheReserve_leavesTheGateOpen() {
    usable.set(1000 * MIB);
    reserve.check();
    assertThat(gate.isOpen()).isTrue();
    assertThat(reserve.missing()).isZero();
  }

  @Test
  void check_belowTheReserve_shutsWithPathFreeReserveAndRemedy() {
    usable.set(999 * MIB);
    reserve.check();
    assertThat(gate.reason())
        .isEqualTo(
            "disk nearly full: 999 MiB usable at data, the reserve is 1000 MiB:"
                + " free space until 1100 MiB are usable, or lower node.diskReserve");
    assertThat(reserve.missing()).isEqualTo(101 * MIB);
  }

  @Test
  void check_aboveTheReserveAgain_opensOnlyATenthAboveIt() {
    usable.set(0);
    reserve.check();
    usable.set(1099 * MIB);
    reserve.check();
    assertThat(gate.isOpen()).isFalse();
    usable.set(1100 * MIB);
    reserve.check();
    assertThat(gate.isOpen()).isTrue();
    assertThat(reserve.missing()).isZero();
  }
}
