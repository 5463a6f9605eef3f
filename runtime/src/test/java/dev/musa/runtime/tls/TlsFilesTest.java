package dev.musa.runtime.tls;

import static dev.musa.runtime.tls.TestAuthority.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.tls.TestAuthority.Identity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Objects;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that are replaced while what they hold is in use. */
class TlsFilesTest {
  private static final TestAuthority ROOT = TestAuthority.root("root");
  private static final TestAuthority OTHER = TestAuthority.root("other root");
  private static final Identity FIRST = ROOT.issue("first", "EC");
  private static final Identity SECOND = ROOT.issue("second", "EC");

  @TempDir Path directory;
  private TlsConfig config;

  @BeforeEach
  void writeFirst() {
    config =
        new TlsConfig(
            write(directory.resolve("own.pem"), FIRST.certificate()),
            write(directory.resolve("own.key"), FIRST.key()),
            write(directory.resolve("ca.pem"), ROOT.certificate()));
  }

  @Test
  void aNewCertificate_isShownFromThenOn() {
    TlsFiles files = new TlsFiles(config);
    assertThat(shown(files)).isEqualTo(FIRST.certificate());

    rotate(SECOND);

    assertThat(shown(files)).isEqualTo(SECOND.certificate());
    assertThat(files.ends()).isEqualTo(SECOND.certificate().getNotAfter().toInstant());
  }

  @Test
  void aHandshakeThatHasBegun_getsTheKeyOfTheCertificateItHasChosen() {
    TlsFiles files = new TlsFiles(config);
    X509ExtendedKeyManager keys = Objects.requireNonNull(files.keyManager());
    String begun = choose(keys);

    rotate(SECOND);
    String next = choose(keys);

    assertThat(keys.getPrivateKey(begun)).isEqualTo(FIRST.key());
    assertThat(keys.getCertificateChain(begun)).containsExactly(FIRST.certificate());
    assertThat(keys.getPrivateKey(next)).isEqualTo(SECOND.key());
    assertThat(keys.getPrivateKey("nobody's")).isNull();
  }

  @Test
  void newRoots_areTrusted_andOldOnesNoLonger() {
    TlsFiles files = new TlsFiles(config);
    X509Certificate[] ofRoot = {FIRST.certificate()};
    X509Certificate[] ofOther = {OTHER.issue("server", "EC").certificate()};
    var trust = files.trustManager();
    assertThatCode(() -> trust.checkServerTrusted(ofRoot, "UNKNOWN")).doesNotThrowAnyException();

    write(directory.resolve("ca.pem"), OTHER.certificate());

    assertThatCode(() -> trust.checkServerTrusted(ofOther, "UNKNOWN")).doesNotThrowAnyException();
    assertThatThrownBy(() -> trust.checkServerTrusted(ofRoot, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    assertThat(trust.getAcceptedIssuers()).containsExactly(OTHER.certificate());
  }

  @Test
  void filesThatCannotBeUsed_changeNothing_untilTheyCan() throws Exception {
    TlsFiles files = new TlsFiles(config);

    write(directory.resolve("own.pem"), SECOND.certificate());
    assertThat(shown(files)).as("the key is still of the first").isEqualTo(FIRST.certificate());
    write(directory.resolve("own.key"), SECOND.key());
    assertThat(shown(files)).isEqualTo(SECOND.certificate());

    Files.delete(directory.resolve("ca.pem"));
    assertThat(shown(files)).isEqualTo(SECOND.certificate());
    assertThat(files.trustManager().getAcceptedIssuers()).containsExactly(ROOT.certificate());
  }

  /** Such as a file that may not be read until somebody changes its rights. */
  @Test
  @Timeout(60)
  void whatPassesWithoutATraceOnTheFiles_isTriedAgain() throws Exception {
    TlsFiles files = new TlsFiles(config);
    Path key = directory.resolve("own.key");
    FileTime time = Files.getLastModifiedTime(key);
    String other = Files.readString(key);
    rotate(SECOND);
    String wanted = Files.readString(key);
    String unusable = other.length() == wanted.length() ? other : "x".repeat(wanted.length());
    write(key, unusable);
    Files.setLastModifiedTime(key, time);
    assertThat(shown(files)).isEqualTo(FIRST.certificate());

    write(key, wanted);
    Files.setLastModifiedTime(key, time);
    while (!shown(files).equals(SECOND.certificate())) {
      Thread.sleep(100);
    }
  }

  @Test
  void whoComesWhileTheFilesCannotBeUsed_getsWhatOthersHave() {
    TlsFiles files = Objects.requireNonNull(TlsFiles.of(config));

    write(directory.resolve("own.pem"), "nothing");

    assertThat(shown(Objects.requireNonNull(TlsFiles.of(config)))).isEqualTo(FIRST.certificate());
    assertThat(files.ends()).isEqualTo(FIRST.certificate().getNotAfter().toInstant());
  }

  /** As Kubernetes mounts a Secret: the names stay, where they lead to is swapped. */
  @Test
  void aDirectoryThatIsSwapped_isANewFile() throws Exception {
    Path before = Files.createDirectory(directory.resolve("before"));
    Path after = Files.createDirectory(directory.resolve("after"));
    write(before.resolve("own.pem"), FIRST.certificate());
    write(before.resolve("own.key"), FIRST.key());
    write(after.resolve("own.pem"), SECOND.certificate());
    write(after.resolve("own.key"), SECOND.key());
    for (String name : new String[] {"own.pem", "own.key"}) {
      Files.setLastModifiedTime(
          after.resolve(name), Files.getLastModifiedTime(before.resolve(name)));
    }
    Path mounted = Files.createSymbolicLink(directory.resolve("..data"), before);
    TlsFiles files =
        new TlsFiles(new TlsConfig(mounted.resolve("own.pem"), mounted.resolve("own.key"), null));
    assertThat(shown(files)).isEqualTo(FIRST.certificate());

    Files.delete(mounted);
    Files.createSymbolicLink(mounted, after);

    assertThat(shown(files)).isEqualTo(SECOND.certificate());
  }

  @Test
  void withoutACertificate_thereIsNoneToShow() {
    TlsFiles files = new TlsFiles(new TlsConfig(null, null, config.ca()));
    assertThat(files.keyManager()).isNull();
    assertThat(files.ends()).isNull();
  }

  private void rotate(Identity to) {
    write(directory.resolve("own.key"), to.key());
    write(directory.resolve("own.pem"), to.certificate());
  }

  private static X509Certificate shown(TlsFiles files) {
    X509ExtendedKeyManager keys = Objects.requireNonNull(files.keyManager());
    return keys.getCertificateChain(choose(keys))[0];
  }

  private static String choose(X509ExtendedKeyManager keys) {
    Principal @Nullable [] any = null;
    return keys.chooseClientAlias(new String[] {"EC"}, any, null);
  }
}
