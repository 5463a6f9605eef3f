package dev.musa.runtime.tls;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * PEM files of one end of a connection.
 *
 * @param certificate the own certificate, followed by the intermediate ones up to a root
 * @param key the private key of the certificate, PKCS#8 without a password
 * @param ca the roots that the other end's certificate has to lead to; null for those of the JDK
 */
public record TlsConfig(@Nullable Path certificate, @Nullable Path key, @Nullable Path ca) {

  public TlsConfig {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          certificate == null
              ? "key is %s without certificate (expected: both or none)".formatted(key)
              : "certificate is %s without key (expected: both or none)".formatted(certificate));
    }
  }

  /** No certificate of its own, and the JDK's roots for the other end. */
  public static TlsConfig defaults() {
    return new TlsConfig(null, null, null);
  }
}
