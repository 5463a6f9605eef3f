package dev.musa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RateTest {
  @ParameterizedTest
  @CsvSource({"max, 0", "50k/s, 50000", "50k, 50000", "1.5M/s, 1500000", "200/s, 200", "7, 7"})
  void parse_readsWhatPeopleWrite(String text, double expected) {
    assertThat(Rate.parse(text).itemsPerSecond()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "0", "-1", "50K/m"})
  void parse_refusesAllElse(String text) {
    assertThatThrownBy(() -> Rate.parse(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessage(
            "'" + text + "' is not a rate (expected: max, or items per second such as 50k/s)");
  }

  @Test
  void toString_isReadAgain() {
    assertThat(Rate.parse(Rate.parse("50k").toString())).isEqualTo(new Rate(50_000));
    assertThat(Rate.parse("max")).hasToString("max");
  }
}
