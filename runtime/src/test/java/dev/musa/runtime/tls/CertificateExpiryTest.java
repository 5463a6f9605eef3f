package dev.musa.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.metrics.Metrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateExpiryTest {
  private static final TestAuthority ROOT = TestAuthority.root("root");
  private static final TestAuthority.Identity OWN = ROOT.issue("own", "EC");

  @TempDir Path directory;
  private final PrometheusMeterRegistry metrics = Metrics.prometheus();

  @Test
  void itTellsWhenTheCertificateEnds_whetherInAFileOrInAText() throws Exception {
    Path file = TestAuthority.write(directory.resolve("own.pem"), OWN.certificate());
    Path key = TestAuthority.write(directory.resolve("own.key"), OWN.key());

    CertificateExpiry.report(metrics, "sink:tempo", TlsFiles.of(new TlsConfig(file, key, null)));
    CertificateExpiry.report(metrics, "kafka", "ssl.chain", Files.readString(file));

    double ends = OWN.certificate().getNotAfter().toInstant().getEpochSecond();
    assertThat(secondsOf("sink:tempo")).isEqualTo(ends);
    assertThat(secondsOf("kafka")).isEqualTo(ends);
    assertThat(metrics.scrape())
        .contains("musa_tls_certificate_expiration_timestamp_seconds{use=\"kafka\"} ");
  }

  @Test
  void withoutACertificate_orWithADamagedText_thereIsNothingToTell() {
    CertificateExpiry.report(metrics, "sink:loki", null);
    CertificateExpiry.report(metrics, "sink:loki", TlsFiles.of(TlsConfig.defaults()));
    CertificateExpiry.report(metrics, "kafka", "ssl.chain", null);
    CertificateExpiry.report(metrics, "kafka", "ssl.chain", "-----BEGIN CERTIFICATE-----");

    assertThat(metrics.scrape()).doesNotContain("musa_tls");
  }

  @AfterEach
  void close() {
    metrics.close();
  }

  private double secondsOf(String use) {
    return metrics.get("musa.tls.certificate.expiration.timestamp").tag("use", use).gauge().value();
  }
}
