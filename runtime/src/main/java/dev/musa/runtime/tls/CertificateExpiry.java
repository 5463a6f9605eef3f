package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells as metrics when the certificates end that this process shows to others: those that it has
 * read, whatever the files hold by now.
 */
public final class CertificateExpiry {
  private static final Logger log = LoggerFactory.getLogger(CertificateExpiry.class);

  private CertificateExpiry() {}

  /**
   * Of files, if there are any.
   *
   * @param use what the certificate is shown to, such as {@code kafka}
   */
  public static void report(MeterRegistry metrics, String use, @Nullable TlsConfig tls) {
    Path certificate = tls == null ? null : tls.certificate();
    if (certificate != null) {
      report(metrics, use, Certificates.read(certificate));
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
      report(metrics, use, Certificates.parse(name, pem));
    } catch (StartupException e) {
      log.atWarn().addKeyValue("reason", e.getMessage()).log("it is not known when it ends");
    }
  }

  private static void report(MeterRegistry metrics, String use, List<X509Certificate> chain) {
    long ends =
        chain.stream()
            .mapToLong(each -> each.getNotAfter().toInstant().getEpochSecond())
            .min()
            .orElse(0);
    Gauge.builder("musa.tls.certificate.expiration.timestamp", () -> ends)
        .description("When the first of a certificate and those that signed it ends")
        .baseUnit("seconds")
        .tag("use", use)
        .register(metrics);
  }
}
