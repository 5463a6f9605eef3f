package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells as metrics when the certificates end that this process shows to others. */
public final class CertificateExpiry {
  private static final Logger logger = LoggerFactory.getLogger(CertificateExpiry.class);

  private CertificateExpiry() {}

  /**
   * Of files, if there are any.
   *
   * @param use what the certificate is shown to, such as {@code kafka}
   */
  public static void report(MeterRegistry metrics, String use, @Nullable TlsFiles tls) {
    if (tls != null && tls.ends() != null) {
      report(metrics, use, () -> Objects.requireNonNull(tls.ends()));
    }
  }

  /**
   * Of a text in PEM, if there is one. One that cannot be read is left to those who have to use it.
   *
   * @param name what to call the text in the log
   */
  public static void report(MeterRegistry metrics, String use, String name, @Nullable String pem) {
    if (pem == null) {
      return;
    }
    try {
      Instant end = Certificates.end(Certificates.parse(name, pem));
      report(metrics, use, () -> end);
    } catch (StartupException e) {
      logger.atWarn().addKeyValue("reason", e.getMessage()).log("it is not known when it ends");
    }
  }

  private static void report(MeterRegistry metrics, String use, Supplier<Instant> end) {
    Gauge.builder("musa.tls.certificate.expiration.timestamp", () -> end.get().getEpochSecond())
        .description("When the first of a certificate and those that signed it ends")
        .baseUnit("seconds")
        .tag("use", use)
        .register(metrics);
  }
}
