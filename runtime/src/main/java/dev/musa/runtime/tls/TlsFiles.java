package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates of one end of connections as its PEM files are at each handshake: whoever issues
 * certificates replaces the files while this process runs. Connections that stand are left alone.
 *
 * <p>Files that cannot be used any more change nothing: the log says why, and what was read before
 * stays in use.
 */
public final class TlsFiles {
  /**
   * For how long a session may be resumed, s: who resumes one shows no certificate and looks at
   * none. Zero would stand for ever.
   */
  public static final int SESSION_SECONDS = 1;

  private static final Logger logger = LoggerFactory.getLogger(TlsFiles.class);
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Map<TlsConfig, TlsFiles> SHARED = new ConcurrentHashMap<>();

  private final TlsConfig config;
  private final SSLContext context;
  private volatile List<Stamp> tried;
  private volatile Versions versions;
  private volatile @Nullable Failure failure;

  /** What tells whether a file is another one: Kubernetes swaps the directory of a Secret. */
  private record Stamp(@Nullable Path file, @Nullable FileTime modified, long size) {
    static Stamp of(Path path) {
      try {
        Path file = path.toRealPath();
        return new Stamp(file, Files.getLastModifiedTime(file), Files.size(file));
      } catch (IOException _) {
        // Whoever reads it says what is wrong with it.
        return new Stamp(null, null, 0);
      }
    }
  }

  /** Why the files could not be used, and when that was tried. */
  private record Failure(String reason, long nanos) {}

  /** One content of the files. */
  private record Version(
      int number,
      @Nullable X509ExtendedKeyManager keys,
      X509ExtendedTrustManager trust,
      @Nullable Instant ends) {

    static Version read(TlsConfig config, int number) {
      String alias = "own-" + number;
      X509ExtendedKeyManager keys = TlsMaterial.keyManager(config, alias);
      return new Version(
          number,
          keys,
          TlsMaterial.trustManager(config),
          keys == null ? null : Certificates.end(List.of(keys.getCertificateChain(alias))));
    }
  }

  /** A handshake that has chosen a certificate before the files changed still asks for its key. */
  private record Versions(Version current, @Nullable Version before) {}

  /**
   * Reads the files for the first time.
   *
   * @throws StartupException if one of them cannot be used: it names the file, what it has and what
   *     is expected
   */
  public TlsFiles(TlsConfig config) {
    this.config = config;
    this.tried = stamps();
    this.versions = new Versions(Version.read(config, 1), null);
    this.context = TlsMaterial.sslContext(keyManager(), trustManager());
    context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
    context.getServerSessionContext().setSessionTimeout(SESSION_SECONDS);
  }

  /**
   * The same object for all in this process that ask for these files, so that what is made anew
   * while the files cannot be used still gets what was read before.
   *
   * @throws StartupException if the first who asks finds them so
   */
  public static @Nullable TlsFiles of(@Nullable TlsConfig config) {
    return config == null ? null : SHARED.computeIfAbsent(config, TlsFiles::new);
  }

  /** For both ends; what it makes handshakes by changes with the files. */
  public SSLContext context() {
    return context;
  }

  /** Shows the own certificate; null if none is configured. */
  public @Nullable X509ExtendedKeyManager keyManager() {
    return config.certificate() == null ? null : new Keys();
  }

  /** Trusts the configured roots, or those of the JDK. */
  public X509ExtendedTrustManager trustManager() {
    return new Trust();
  }

  /** When the first of the own certificate and those that signed it ends; null if there is none. */
  public @Nullable Instant ends() {
    return current().ends();
  }

  private Version current() {
    if (isDue(stamps())) {
      readAgain();
    }
    return versions.current();
  }

  /** Why files could not be read may pass without a trace on them. */
  private boolean isDue(List<Stamp> found) {
    Failure failed = failure;
    return !found.equals(tried)
        || (failed != null && System.nanoTime() - failed.nanos() >= RETRY.toNanos());
  }

  private synchronized void readAgain() {
    List<Stamp> found = stamps();
    if (!isDue(found)) {
      return;
    }
    tried = found;
    Version before = versions.current();
    try {
      Version now = Version.read(config, before.number() + 1);
      versions = new Versions(now, before);
      failure = null;
      logger
          .atInfo()
          .addKeyValue("files", files().toList())
          .addKeyValue("ends", now.ends())
          .log("new certificates are in use");
    } catch (StartupException e) {
      Failure last = failure;
      failure = new Failure(String.valueOf(e.getMessage()), System.nanoTime());
      if (last == null || !last.reason().equals(failure.reason())) {
        logger
            .atWarn()
            .addKeyValue("reason", e.getMessage())
            .log("new certificates cannot be used, those before go on");
      }
    }
  }

  private List<Stamp> stamps() {
    return files().map(Stamp::of).toList();
  }

  private Stream<Path> files() {
    List<Path> files = new ArrayList<>();
    for (Path file : new Path[] {config.certificate(), config.key(), config.ca()}) {
      if (file != null) {
        files.add(file);
      }
    }
    return files.stream();
  }

  private final class Keys extends X509ExtendedKeyManager {
    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal[] issuers) {
      return keys().getClientAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyTypes, Principal[] issuers, Socket socket) {
      return keys().chooseClientAlias(keyTypes, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
        String[] keyTypes, Principal[] issuers, SSLEngine engine) {
      return keys().chooseEngineClientAlias(keyTypes, issuers, engine);
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal[] issuers) {
      return keys().getServerAliases(keyType, issuers);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
      return keys().chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal[] issuers, SSLEngine engine) {
      return keys().chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return of(keys -> keys.getCertificateChain(alias));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return of(keys -> keys.getPrivateKey(alias));
    }

    private X509ExtendedKeyManager keys() {
      return Objects.requireNonNull(current().keys());
    }

    private <T> @Nullable T of(Function<X509ExtendedKeyManager, @Nullable T> ask) {
      Versions known = versions;
      T found = ask.apply(Objects.requireNonNull(known.current().keys()));
      Version before = known.before();
      return found != null || before == null
          ? found
          : ask.apply(Objects.requireNonNull(before.keys()));
    }
  }

  private final class Trust extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      current().trust().checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      current().trust().checkClientTrusted(chain, authType, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      current().trust().checkClientTrusted(chain, authType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      current().trust().checkServerTrusted(chain, authType);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
        throws CertificateException {
      current().trust().checkServerTrusted(chain, authType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
        throws CertificateException {
      current().trust().checkServerTrusted(chain, authType, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return current().trust().getAcceptedIssuers();
    }
  }
}
