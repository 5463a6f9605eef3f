package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.ConfigException;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
  @Test
  void defaults_areThoseOfALaptop() {
    assertThat(read("{}"))
        .isEqualTo(
            new NodeConfig(
                Path.of("data"),
                9092,
                0,
                false,
                DataSize.parse("1GiB"),
                Duration.ofHours(24),
                DataSize.parse("10GiB")));
  }

  @Test
  void read_allKeys() {
    assertThat(
            read(
                """
                data: /var/lib/musa
                port: 19092
                controllerPort: 19093
                fsync: true
                diskReserve: 5GiB
                retentionAge: 48h
                retentionSize: 100GiB
                """))
        .isEqualTo(
            new NodeConfig(
                Path.of("/var/lib/musa"),
                19092,
                19093,
                true,
                DataSize.parse("5GiB"),
                Duration.ofDays(2),
                DataSize.parse("100GiB")));
  }

  @Test
  void read_impossibleValues_areRefusedByKey() {
    assertRefused("port: 65536", "port: 65536 (expected: 0 to 65535)");
    assertRefused("controllerPort: 9092", "controllerPort: 9092 (expected: another one than port");
    assertRefused("retentionAge: 0s", "retentionAge");
    assertRefused("retentionSize: 0", "retentionSize");
  }

  private static void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message);
  }

  private static NodeConfig read(String yaml) {
    return ConfigReader.read("musa.yaml", yaml, NodeConfig.defaults());
  }
}
