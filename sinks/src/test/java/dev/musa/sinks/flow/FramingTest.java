package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.sinks.testing.Telemetry;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FramingTest {

  @ParameterizedTest
  @EnumSource(Signal.class)
  void wholeRequest_mayBeConcatenated_truncatedOneMayNot(Signal signal) {
    var request = Telemetry.request(signal, List.of("a", "b", "c"));

    assertThat(Framing.isWhole(request)).isTrue();
    for (int length = 1; length < request.length; length++) {
      assertThat(Framing.isWhole(Arrays.copyOf(request, length))).isFalse();
    }
  }
}
