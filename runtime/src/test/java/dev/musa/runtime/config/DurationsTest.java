package dev.musa.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

  @ParameterizedTest
  @CsvSource({
    "10s, PT10S", "500ms, PT0.5S", "1m30s, PT1M30S", "2h, PT2H", "7d, PT168H", "36h, PT36H",
    "1d12h, PT36H", "3us, PT0.000003S", "4ns, PT0.000000004S", "0, PT0S", "0s, PT0S", "90s, PT1M30S"
  })
  void parse_readsFallingUnits(String text, Duration expected) {
    assertThat(Durations.parse(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "10", "-1s", "1.5s", "s", "10 s", "1s1m", "1s1s", "1w", "10S", "1s,"})
  void parse_refusesEverythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessageStartingWith("'" + text + "' is not a duration (expected: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999999999999999999s", "9223372036854775807d"})
  void parse_refusesOverflow(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse(text))
        .withMessage("'" + text + "' is too long a duration");
  }

  @ParameterizedTest
  @CsvSource({"PT10S, 10s", "PT0.5S, 500ms", "PT90S, 1m30s", "PT0S, 0s", "PT36H, 1d12h"})
  void format_usesTheLargestUnits(Duration duration, String expected) {
    assertThat(Durations.format(duration)).isEqualTo(expected);
  }

  @Property
  void parse_readsWhatFormatWrites(@ForAll @LongRange(min = 0) long nanos) {
    Duration duration = Duration.ofNanos(nanos);

    assertThat(Durations.parse(Durations.format(duration))).isEqualTo(duration);
  }
}
