package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.tls.PemFile.Block;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** X.509 certificates from PEM files. */
final class Certificates {

  private static final String EXPECTED =
      "one or more certificates in PEM, '-----BEGIN CERTIFICATE-----'";

  private Certificates() {}

  /** All certificates of the file, in its order. */
  static List<X509Certificate> read(Path file) {
    return of(PemFile.read(file, EXPECTED));
  }

  /**
   * All certificates in a text.
   *
   * @param name what to call it in messages
   */
  static List<X509Certificate> parse(String name, String text) {
    return of(PemFile.of(Path.of(name), text, EXPECTED));
  }

  /** When the first of them ends. */
  static Instant end(List<X509Certificate> chain) {
    return chain.stream()
        .map(each -> each.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static List<X509Certificate> of(PemFile pem) {
    Path file = pem.file();
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : pem.labelled("CERTIFICATE")) {
      certificates.add(decode(file, block.der(), certificates.size() + 1));
    }
    if (certificates.isEmpty()) {
      String remedy = "";
      if (pem.found().contains("TRUSTED CERTIFICATE")) {
        remedy = "; convert it with: openssl x509 -in %s -out plain.pem".formatted(file);
      } else if (pem.found().contains("PRIVATE KEY")) {
        remedy = "; are certificate and key swapped?";
      }
      throw new StartupException(
          "%s has no certificate but '%s' (expected: %s)%s"
              .formatted(file, pem.found(), EXPECTED, remedy));
    }
    return certificates;
  }

  private static X509Certificate decode(Path file, byte[] der, int number) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new StartupException(
          "certificate %d in %s is damaged: %s (expected: an X.509 certificate)"
              .formatted(number, file, e.getMessage()),
          e);
    }
  }
}
