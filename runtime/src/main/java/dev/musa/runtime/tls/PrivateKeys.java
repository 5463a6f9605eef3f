package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.tls.PemFile.Block;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** Private keys from PEM files: PKCS#8, the only form that the JDK reads. */
final class PrivateKeys {

  private static final String EXPECTED =
      "an unencrypted PKCS#8 private key in PEM, '-----BEGIN PRIVATE KEY-----'";
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");

  private PrivateKeys() {}

  static PrivateKey read(Path file) {
    PemFile pem = PemFile.read(file, EXPECTED);
    List<Block> keys = pem.labelled("PRIVATE KEY");
    if (keys.size() > 1) {
      throw new StartupException(
          file + " has " + keys.size() + " private keys (expected: one, that of the certificate)");
    }
    if (keys.isEmpty()) {
      throw withoutKey(pem);
    }
    return decode(file, keys.getFirst().der());
  }

  /** Whether a signature by the one is valid for the other. */
  static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
    if (!family(key.getAlgorithm()).equals(family(certified.getAlgorithm()))) {
      return false;
    }
    String algorithm =
        switch (family(key.getAlgorithm())) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA" -> "EdDSA";
          default -> null;
        };
    if (algorithm == null) {
      return true; // the handshake will tell
    }
    byte[] probe = {1, 2, 3, 4};
    Signature signing = Signature.getInstance(algorithm);
    signing.initSign(key);
    signing.update(probe);
    Signature verifying = Signature.getInstance(algorithm);
    verifying.initVerify(certified);
    verifying.update(probe);
    return verifying.verify(signing.sign());
  }

  private static String family(String algorithm) {
    return algorithm.startsWith("Ed") ? "EdDSA" : algorithm;
  }

  private static PrivateKey decode(Path file, byte[] pkcs8) {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException _) {
        // a key of another algorithm: the next one may fit
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("this JDK lacks " + algorithm, e);
      }
    }
    throw new StartupException(
        "%s has a private key that is damaged or of an unknown algorithm (expected: one of %s)"
            .formatted(file, String.join(", ", ALGORITHMS)));
  }

  private static StartupException withoutKey(PemFile pem) {
    String found = pem.found();
    String remedy = "";
    if (found.contains("PRIVATE KEY")) {
      remedy =
          "; convert it with: openssl pkcs8 -topk8 -nocrypt -in %s -out pkcs8.pem"
              .formatted(pem.file());
    } else if (found.equals("CERTIFICATE")) {
      remedy = "; are certificate and key swapped?";
    }
    return new StartupException(
        pem.file() + " has " + kind(found) + " (expected: " + EXPECTED + ")" + remedy);
  }

  private static String kind(String found) {
    if (found.contains("RSA PRIVATE KEY")) {
      return "a PKCS#1 key, '" + found + "'";
    }
    if (found.contains("EC PRIVATE KEY")) {
      return "a SEC1 key, '" + found + "'";
    }
    if (found.contains("ENCRYPTED PRIVATE KEY")) {
      return "a key with a password, '" + found + "'";
    }
    return "no private key but '" + found + "'";
  }
}
