package dev.musa.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DataSizeTest {

  @ParameterizedTest
  @CsvSource({
    "64MiB, 67108864",
    "1KiB, 1024",
    "2GiB, 2147483648",
    "1TiB, 1099511627776",
    "5B, 5",
    "0, 0",
    "3kB, 3000",
    "3MB, 3000000",
    "3GB, 3000000000",
    "3TB, 3000000000000",
    "16 MiB, 16777216"
  })
  void parse_readsANumberWithItsUnit(String text, long bytes) {
    assertThat(DataSize.parse(text)).isEqualTo(new DataSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "64",
        "MiB",
        "1.5MiB",
        "-1B",
        "64mib",
        "64M",
        "9999999TiB",
        "99999999999999999999B"
      })
  void parse_refusesEverythingElse(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DataSize.parse(text))
        .withMessageStartingWith("'" + text + "' is not a size (expected: ");
  }

  @ParameterizedTest
  @CsvSource({"67108864, 64MiB", "1536, 1536B", "1572864, 1536KiB", "0, 0B", "1023, 1023B"})
  void toString_usesTheLargestWholeUnit(long bytes, String expected) {
    assertThat(new DataSize(bytes)).hasToString(expected);
  }

  @Test
  void constructor_refusesNegativeSizes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DataSize(-1))
        .withMessage("bytes is -1 (expected: 0 or more)");
  }

  @Property
  void parse_readsWhatToStringWrites(@ForAll @LongRange(min = 0) long bytes) {
    assertThat(DataSize.parse(new DataSize(bytes).toString())).isEqualTo(new DataSize(bytes));
  }
}
