package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.config.DataSize;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectorConfigTest {
  private static CollectorConfig read(String yaml) {
    return ConfigReader.read("musa.yaml", yaml, CollectorConfig.defaults());
  }

  @Test
  void defaults() {
    assertThat(CollectorConfig.defaults())
        .isEqualTo(
            new CollectorConfig(
                new CollectorConfig.Endpoint("127.0.0.1", 4317),
                new CollectorConfig.Endpoint("127.0.0.1", 4318),
                false,
                "default",
                "default",
                DataSize.parse("20MiB"),
                DataSize.parse("64MiB"),
                DataSize.parse("1000KiB"),
                Duration.ofMillis(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(1),
                Duration.ofSeconds(4),
                new CollectorConfig.Recording(null, DataSize.parse("1GiB"))));
  }

  @Test
  void everyKey_isRead() {
    assertThat(
            read(
                """
                grpc: {host: 0.0.0.0, port: 14317}
                http: {host: "::", port: 14318}
                insecure: true
                tenant: shop
                cluster: west
                maxRequestBytes: 1MiB
                inFlightBytes: 2MiB
                maxRecordBytes: 3KiB
                linger: 20ms
                readTimeout: 1s
                retryAfter: 2500ms
                deliveryTimeout: 3s
                maxConnectionAge: 4m
                maxConnectionAgeGrace: 5s
                drainTimeout: 6s
                recording: {file: /tmp/requests.musa, maxBytes: 4MiB}
                """))
        .isEqualTo(
            new CollectorConfig(
                new CollectorConfig.Endpoint("0.0.0.0", 14317),
                new CollectorConfig.Endpoint("::", 14318),
                true,
                "shop",
                "west",
                new DataSize(1 << 20),
                new DataSize(2 << 20),
                new DataSize(3 << 10),
                Duration.ofMillis(20),
                Duration.ofSeconds(1),
                Duration.ofMillis(2500),
                Duration.ofSeconds(3),
                Duration.ofMinutes(4),
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                new CollectorConfig.Recording(
                    Path.of("/tmp/requests.musa"), new DataSize(4 << 20))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grpc: {port: 70000}   | port: 70000 (expected: 0 to 65535)",
        "http: {host: ' '}     | host: ' ' (expected: a host name or address)",
        "tenant: ''            | tenant: '' (expected: 1 to 128 characters",
        "maxRequestBytes: 0B   | maxRequestBytes: 0B (expected: 1B to 1GiB)",
        "inFlightBytes: 1MiB   | inFlightBytes: 1MiB (expected: at least maxRequestBytes, which is"
            + " 20MiB, and 4KiB)",
        "maxRecordBytes: 10B   | maxRecordBytes: 10B (expected: 1KiB to 1GiB)",
        "linger: 2s            | linger: 2s (expected: 0ms to 1s)",
        "readTimeout: 0s       | readTimeout: 0s (expected: 1ms to 24h)",
        "deliveryTimeout: 900h | deliveryTimeout: 37d12h (expected: 1s to 24h)",
      })
  void wrongValues_areRefused_byName(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml)).hasMessageContaining(message);
  }
}
