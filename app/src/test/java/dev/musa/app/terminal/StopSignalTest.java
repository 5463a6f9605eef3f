package dev.musa.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  @Test
  void await_isFalseUntilRequested() {
    StopSignal signal = new StopSignal();

    boolean before = signal.await(Duration.ZERO);
    signal.request();

    assertThat(before).isFalse();
    assertThat(signal.await(Duration.ZERO)).isTrue();
  }
}
