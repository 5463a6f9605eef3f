package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Turns PEM files into what the JDK's TLS works with. Each call reads the files anew. Every mistake
 * in them is a {@link StartupException} that names the file, what it has and what is expected.
 */
final class TlsMaterial {

  private static final char[] NO_PASSWORD = {};

  private TlsMaterial() {}

  /** What makes handshakes by these; without keys it shows no certificate of its own. */
  static SSLContext sslContext(@Nullable X509KeyManager keys, X509TrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys == null ? new KeyManager[0] : new KeyManager[] {keys},
          new TrustManager[] {trust},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no TLS", e);
    }
  }

  /**
   * The own certificate with its key, or null if none is configured.
   *
   * @param alias what it calls the certificate
   */
  static @Nullable X509ExtendedKeyManager keyManager(TlsConfig config, String alias) {
    Path certificate = config.certificate();
    Path key = config.key();
    if (certificate == null || key == null) {
      return null;
    }
    List<X509Certificate> chain = Certificates.read(certificate);
    PrivateKey privateKey = PrivateKeys.read(key);
    try {
      requireMatch(certificate, chain, key, privateKey);
      KeyStore store = emptyStore();
      store.setKeyEntry(alias, privateKey, NO_PASSWORD, chain.toArray(new X509Certificate[0]));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return (X509ExtendedKeyManager) factory.getKeyManagers()[0];
    } catch (GeneralSecurityException e) {
      throw unusable(config, e);
    }
  }

  /** The configured roots, or those of the JDK. */
  static X509ExtendedTrustManager trustManager(TlsConfig config) {
    Path ca = config.ca();
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      if (ca == null) {
        factory.init((KeyStore) null); // stands for the JDK's own
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
      }
      KeyStore store = emptyStore();
      int count = 0;
      for (X509Certificate root : Certificates.read(ca)) {
        store.setCertificateEntry("ca" + count++, root);
      }
      factory.init(store);
      return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    } catch (GeneralSecurityException e) {
      throw unusable(config, e);
    }
  }

  private static void requireMatch(
      Path certificate, List<X509Certificate> chain, Path key, PrivateKey privateKey)
      throws GeneralSecurityException {
    if (PrivateKeys.belong(privateKey, chain.getFirst().getPublicKey())) {
      return;
    }
    for (X509Certificate other : chain) {
      if (PrivateKeys.belong(privateKey, other.getPublicKey())) {
        throw new StartupException(
            "%s has the certificate of the key %s, but not as its first (expected: own certificate"
                    .formatted(certificate, key)
                + " first, then the one that signed it, and so on)");
      }
    }
    throw new StartupException(
        "the key %s does not belong to the certificate %s of %s (expected: the key it was made for)"
            .formatted(key, certificate, chain.getFirst().getSubjectX500Principal().getName()));
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, NO_PASSWORD);
      return store;
    } catch (IOException e) {
      throw new IllegalStateException("an empty key store cannot fail to load", e);
    }
  }

  private static StartupException unusable(TlsConfig config, GeneralSecurityException e) {
    return new StartupException(
        "TLS cannot be set up from %s: %s".formatted(config, e.getMessage()), e);
  }
}
