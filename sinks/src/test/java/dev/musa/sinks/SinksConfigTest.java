package dev.musa.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.ConfigException;
import dev.musa.runtime.config.ConfigPrinter;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.config.Secret;
import dev.musa.runtime.tls.TlsConfig;
import dev.musa.schemas.Signal;
import dev.musa.sinks.backend.Compression;
import dev.musa.sinks.backend.EndpointConfig;
import dev.musa.sinks.backend.OtlpConfig;
import dev.musa.sinks.files.FilesConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SinksConfigTest {

  private static SinksConfig read(String yaml) {
    return ConfigReader.read("musa.yaml", yaml, SinksConfig.defaults());
  }

  @Test
  void defaults_areFilesAlone() {
    var defaults = SinksConfig.defaults();

    assertThat(defaults.filesEnabled()).isTrue();
    assertThat(defaults.tempo().endpoint()).isNull();
    assertThat(defaults.loki().endpoint()).isNull();
    assertThat(defaults.prometheus().endpoint()).isNull();
    assertThat(defaults.otlp()).isEmpty();
    assertThat(defaults.loki().maxRequest().bytes()).isLessThanOrEqualTo(1 << 20);
    assertThat(defaults.delivery().linger()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void anotherSink_turnsFilesOff_unlessTheyAreOn() {
    assertThat(read("loki: {endpoint: http://localhost:3100}").filesEnabled()).isFalse();
    assertThat(
            read("{loki: {endpoint: http://localhost:3100}, files: {enabled: true}}")
                .filesEnabled())
        .isTrue();
    assertThat(read("files: {enabled: false}").filesEnabled()).isFalse();
  }

  @Test
  void everyKey_isMapped() {
    var config =
        read(
            """
            files: {enabled: true, directory: out, maxFileSize: 1MiB, maxFiles: 3, fsync: true}
            tempo:
              endpoint: https://tempo:4317
              tls: {certificate: c.pem, key: k.pem, ca: ca.pem}
              orgId: fixed
              headers: {authorization: secret}
              compression: gzip
              timeout: 5s
              maxRequest: 3MiB
            loki: {endpoint: "http://loki:3100"}
            prometheus: {endpoint: "http://prometheus:9090"}
            otlp:
              - {name: archive, protocol: http, signals: [logs], endpoint: "http://archive:4318"}
            delivery:
              linger: 1s
              inFlight: 2
              concurrency: 3
              buffer: 5MiB
              window: 6MiB
              retryInitial: 7ms
              retryMax: 8s
              probeMax: 9s
              drain: 10s
            """);

    assertThat(config.files())
        .isEqualTo(new FilesConfig(true, Path.of("out"), DataSize.ofMebibytes(1), 3, true));
    assertThat(config.tempo())
        .isEqualTo(
            new EndpointConfig(
                URI.create("https://tempo:4317"),
                new TlsConfig(Path.of("c.pem"), Path.of("k.pem"), Path.of("ca.pem")),
                "fixed",
                Map.of("authorization", new Secret("secret")),
                Compression.GZIP,
                Duration.ofSeconds(5),
                DataSize.ofMebibytes(3)));
    assertThat(config.loki().orgId()).isEqualTo("{tenant}");
    assertThat(config.prometheus().orgId()).isEmpty();
    var archive = config.otlp().getFirst();
    assertThat(archive.name()).isEqualTo("archive");
    assertThat(archive.protocol()).isEqualTo(OtlpConfig.Protocol.HTTP);
    assertThat(archive.signals()).isEqualTo(List.of(Signal.LOGS));
    assertThat(config.delivery())
        .isEqualTo(
            new DeliveryConfig(
                Duration.ofSeconds(1),
                2,
                3,
                DataSize.ofMebibytes(5),
                DataSize.ofMebibytes(6),
                Duration.ofMillis(7),
                Duration.ofSeconds(8),
                Duration.ofSeconds(9),
                Duration.ofSeconds(10)));
    assertThat(ConfigPrinter.print(config)).doesNotContain("secret");
  }

  @Test
  void mistakes_nameTheKeyAndWhatIsExpected() {
    refused("loki: {endpoint: loki}", "loki.endpoint");
    refused("loki: {endpoint: ftp://loki}", "http://HOST:PORT or https://HOST:PORT");
    refused("loki: {endpoint: http://loki, tls: {ca: ca.pem}}", "expected: https://, or no tls");
    refused("loki: {maxRequest: 1KiB}", "maxRequest is 1KiB (expected: 16KiB to 64MiB)");
    refused("loki: {timeout: 0s}", "expected: more than 0");
    refused("otlp: [{name: a}]", "the sink a has no endpoint");
    refused("otlp: [{name: loki, endpoint: http://a}]", "a name of its own");
    refused("otlp: [{name: A_B, endpoint: http://a}]", "name is 'A_B'");
    refused("otlp: [{name: a, endpoint: http://a, signals: []}]", "signals is empty");
    refused("files: {maxFiles: -1}", "maxFiles is -1");
    refused("files: {maxFileSize: 1B}", "at least 64KiB");
    refused("delivery: {inFlight: 0}", "inFlight is 0");
    refused("delivery: {retryMax: 1ms}", "at least retryInitial");
    refused("delivery: {buffer: 1KiB}", "at least 1MiB");
    refused("lokki: {}", "loki");
  }

  private static void refused(String yaml, String expected) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("musa.yaml:1")
        .hasMessageContaining(expected);
  }
}
