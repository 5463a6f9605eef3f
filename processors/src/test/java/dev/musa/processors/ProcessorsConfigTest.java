package dev.musa.processors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.processors.enrich.EnrichConfig;
import dev.musa.runtime.config.ConfigException;
import dev.musa.runtime.config.ConfigReader;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessorsConfigTest {
  @Test
  void defaults() {
    assertThat(ProcessorsConfig.defaults())
        .isEqualTo(
            new ProcessorsConfig(
                "",
                Path.of("data", "processors"),
                1,
                Duration.ofMillis(150),
                100_000,
                EnrichConfig.defaults()));
  }

  @Test
  void everyKey_isRead() {
    assertThat(
            read(
                """
                instance: eu-1
                stateDir: /var/lib/musa
                threads: 4
                commitInterval: 200ms
                limitKeys: 5000
                """))
        .isEqualTo(
            new ProcessorsConfig(
                "eu-1",
                Path.of("/var/lib/musa"),
                4,
                Duration.ofMillis(200),
                5_000,
                EnrichConfig.defaults()));
  }

  @Test
  void valueOutOfRange_isRefusedWithWhatIsExpected() {
    assertThatThrownBy(() -> read("threads: 0"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("threads: 0 (expected: at least 1)");
    assertThatThrownBy(() -> read("commitInterval: 1m"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("(expected: 10ms to 5s)");
  }

  private static ProcessorsConfig read(String yaml) {
    return ConfigReader.read("musa.yaml", yaml, ProcessorsConfig.defaults());
  }
}
