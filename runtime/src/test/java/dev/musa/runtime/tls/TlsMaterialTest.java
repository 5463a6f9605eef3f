package dev.musa.runtime.tls;

import static dev.musa.runtime.tls.TestAuthority.pem;
import static dev.musa.runtime.tls.TestAuthority.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.tls.TestAuthority.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsMaterialTest {

  private static final TestAuthority ROOT = TestAuthority.root("test root");
  private static final Identity RSA = ROOT.issue("rsa end", "RSA");
  private static final Identity EC = ROOT.issue("ec end", "EC");
  private static final String KEY_EXPECTED =
      "(expected: an unencrypted PKCS#8 private key in PEM, '-----BEGIN PRIVATE KEY-----')";
  private static final String CERTIFICATE_EXPECTED =
      "(expected: one or more certificates in PEM, '-----BEGIN CERTIFICATE-----')";

  @TempDir Path directory;

  @Test
  void nothingConfigured_hasNoKeysAndTheRootsOfTheJdk() {
    assertThat(TlsMaterial.keyManager(TlsConfig.defaults(), "own")).isNull();
    assertThat(TlsMaterial.trustManager(TlsConfig.defaults()).getAcceptedIssuers()).isNotEmpty();
  }

  @Test
  void certificateAndKeyComeTogether() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TlsConfig(Path.of("c.pem"), null, null))
        .withMessage("certificate is c.pem without key (expected: both or none)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TlsConfig(null, Path.of("k.pem"), null))
        .withMessage("key is k.pem without certificate (expected: both or none)");
  }

  @Test
  void oldKeyFormatsAreRefusedWithTheCommandThatConvertsThem() throws Exception {
    PrivateKeyInfo rsa = PrivateKeyInfo.getInstance(RSA.key().getEncoded());
    Path pkcs1 =
        write(
            file("pkcs1.pem"),
            pem("RSA PRIVATE KEY", rsa.parsePrivateKey().toASN1Primitive().getEncoded()));
    assertKeyFails(
        pkcs1,
        pkcs1
            + " has a PKCS#1 key, 'RSA PRIVATE KEY' "
            + KEY_EXPECTED
            + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
            + pkcs1
            + " -out pkcs8.pem");

    PrivateKeyInfo ec = PrivateKeyInfo.getInstance(EC.key().getEncoded());
    Path sec1 =
        write(
            file("sec1.pem"),
            pem("EC PARAMETERS", new byte[] {1})
                + pem("EC PRIVATE KEY", ec.parsePrivateKey().toASN1Primitive().getEncoded()));
    assertKeyFails(
        sec1,
        sec1
            + " has a SEC1 key, 'EC PARAMETERS, EC PRIVATE KEY' "
            + KEY_EXPECTED
            + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
            + sec1
            + " -out pkcs8.pem");

    Path locked = write(file("locked.pem"), pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    assertKeyFails(
        locked,
        locked
            + " has a key with a password, 'ENCRYPTED PRIVATE KEY' "
            + KEY_EXPECTED
            + "; convert it with: openssl pkcs8 -topk8 -nocrypt -in "
            + locked
            + " -out pkcs8.pem");
  }

  @Test
  void otherContentInPlaceOfAKeyIsRefused() throws Exception {
    Path certificate = write(file("c.pem"), EC.certificate());
    assertKeyFails(
        certificate,
        certificate
            + " has no private key but 'CERTIFICATE' "
            + KEY_EXPECTED
            + "; are certificate and key swapped?");
    Path der = Files.write(file("key.der"), EC.key().getEncoded());
    assertKeyFails(der, der + " has binary content, DER or PKCS#12 " + KEY_EXPECTED);
    Path empty = write(file("empty.pem"), "\n");
    assertKeyFails(empty, empty + " has nothing in it " + KEY_EXPECTED);
    Path cut = write(file("cut.pem"), "-----BEGIN PRIVATE KEY-----\nMIG");
    assertKeyFails(cut, cut + " has no complete -----BEGIN ...----- block " + KEY_EXPECTED);
    Path missing = file("missing.pem");
    assertKeyFails(missing, missing + " does not exist " + KEY_EXPECTED);
    assertKeyFails(directory, directory + " is a directory " + KEY_EXPECTED);
    Path two = write(file("two.pem"), keyPem(EC) + keyPem(RSA));
    assertKeyFails(two, two + " has 2 private keys (expected: one, that of the certificate)");
    Path damaged = write(file("damaged.pem"), pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    assertKeyFails(
        damaged,
        damaged
            + " has a private key that is damaged or of an unknown algorithm (expected: one of"
            + " RSA, EC, EdDSA, RSASSA-PSS)");
    Path text =
        write(file("text.pem"), "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----\n");
    assertKeyFails(
        text, text + " has a PRIVATE KEY that is not base64 (expected: an undamaged PEM file)");
  }

  @Test
  void otherContentInPlaceOfACertificateIsRefused() {
    Path key = write(file("key.pem"), EC.key());
    assertCertificateFails(
        key,
        key
            + " has no certificate but 'PRIVATE KEY' "
            + CERTIFICATE_EXPECTED
            + "; are certificate and key swapped?");
    Path trusted = write(file("trusted.pem"), pem("TRUSTED CERTIFICATE", new byte[] {1}));
    assertCertificateFails(
        trusted,
        trusted
            + " has no certificate but 'TRUSTED CERTIFICATE' "
            + CERTIFICATE_EXPECTED
            + "; convert it with: openssl x509 -in "
            + trusted
            + " -out plain.pem");
    Path damaged =
        write(file("damaged.pem"), pem(EC.certificate()) + pem("CERTIFICATE", new byte[] {1, 2}));
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> TlsMaterial.trustManager(new TlsConfig(null, null, damaged)))
        .withMessageStartingWith("certificate 2 in " + damaged + " is damaged: ")
        .withMessageEndingWith(" (expected: an X.509 certificate)");
  }

  @Test
  void keysOfOtherCertificatesAreRefused() {
    for (Identity other : new Identity[] {RSA, ROOT.issue("other", "EC")}) {
      Path certificate = write(file("c.pem"), EC.certificate());
      Path key = write(file("k.pem"), other.key());
      assertThatExceptionOfType(StartupException.class)
          .isThrownBy(() -> TlsMaterial.keyManager(new TlsConfig(certificate, key, null), "own"))
          .withMessage(
              "the key %s does not belong to the certificate %s of CN=ec end (expected: the key it"
                  + " was made for)",
              key, certificate);
    }
  }

  @Test
  void chainsInTheWrongOrderAreRefused() {
    Path certificate = write(file("c.pem"), ROOT.certificate(), EC.certificate());
    Path key = write(file("k.pem"), EC.key());

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> TlsMaterial.keyManager(new TlsConfig(certificate, key, null), "own"))
        .withMessage(
            "%s has the certificate of the key %s, but not as its first (expected: own certificate"
                + " first, then the one that signed it, and so on)",
            certificate, key);
  }

  @Test
  void oneFileMayHoldCertificateAndKey() {
    Path both = write(file("both.pem"), keyPem(EC) + pem(EC.certificate()));

    assertThat(TlsMaterial.keyManager(new TlsConfig(both, both, null), "own")).isNotNull();
  }

  private static String keyPem(Identity identity) {
    byte[] pkcs8 = identity.key().getEncoded();
    return pem("PRIVATE KEY", pkcs8);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void assertKeyFails(Path key, String message) {
    Path certificate = write(file("certificate.pem"), EC.certificate());
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> new TlsFiles(new TlsConfig(certificate, key, null)))
        .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message));
  }

  private static void assertCertificateFails(Path ca, String message) {
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> new TlsFiles(new TlsConfig(null, null, ca)))
        .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message));
  }
}
