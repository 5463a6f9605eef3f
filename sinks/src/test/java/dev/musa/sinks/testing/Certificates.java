package dev.musa.sinks.testing;

import dev.musa.runtime.tls.TlsConfig;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority, a server certificate for localhost and a client certificate, made on the spot. */
public final class Certificates {
  private static final char[] PASSWORD = "test".toCharArray();
  private static final SecureRandom RANDOM = new SecureRandom();

  private final KeyPair authorityKey;
  private final X509Certificate authority;
  private final KeyPair serverKey;
  private final X509Certificate server;
  private final TlsConfig client;

  /** Writes the client's PEM files into the directory. */
  public Certificates(Path directory) {
    try {
      authorityKey = keyPair();
      authority = certificate("CN=test authority", authorityKey, true);
      serverKey = keyPair();
      server = certificate("CN=localhost", serverKey, false);
      var clientKey = keyPair();
      var certificate = certificate("CN=musa", clientKey, false);
      client =
          new TlsConfig(
              write(directory, "client.crt", "CERTIFICATE", certificate.getEncoded()),
              write(directory, "client.key", "PRIVATE KEY", clientKey.getPrivate().getEncoded()),
              write(directory, "ca.crt", "CERTIFICATE", authority.getEncoded()));
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("test certificates could not be made", e);
    }
  }

  /** What a client needs to be let in. */
  public TlsConfig client() {
    return client;
  }

  /** The server's side in one PEM file, key and certificate. */
  public Path serverFile(Path file) {
    try {
      return Files.writeString(
          file,
          pem("PRIVATE KEY", serverKey.getPrivate().getEncoded())
              + pem("CERTIFICATE", server.getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Knows the authority, but has no certificate of its own. */
  public TlsConfig stranger() {
    return new TlsConfig(null, null, client.ca());
  }

  /** The server's side, for JDK servers; they have to ask for the client's certificate. */
  public SSLContext serverContext() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(serverKeys().getKeyManagers(), trust().getTrustManagers(), RANDOM);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyManagerFactory serverKeys() {
    try {
      var store = emptyStore();
      store.setKeyEntry(
          "server", serverKey.getPrivate(), PASSWORD, new X509Certificate[] {server, authority});
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, PASSWORD);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  TrustManagerFactory trust() {
    try {
      var store = emptyStore();
      store.setCertificateEntry("authority", authority);
      var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(String name, KeyPair key, boolean isAuthority)
      throws GeneralSecurityException, OperatorCreationException, IOException {
    var now = Instant.now();
    var issuer = new X500Name("CN=test authority");
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(64, RANDOM),
            Date.from(now.minus(1, ChronoUnit.HOURS)),
            Date.from(now.plus(1, ChronoUnit.DAYS)),
            new X500Name(name),
            key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(isAuthority));
    if (!isAuthority) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
              }));
    }
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(authorityKey.getPrivate());
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
  }

  private static KeyPair keyPair() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Path write(Path directory, String file, String type, byte[] der)
      throws IOException {
    return Files.writeString(directory.resolve(file), pem(type, der));
  }

  private static String pem(String type, byte[] der) {
    var body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }
}
