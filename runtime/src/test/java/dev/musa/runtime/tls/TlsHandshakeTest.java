package dev.musa.runtime.tls;

import static dev.musa.runtime.tls.TestAuthority.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.musa.runtime.tls.TestAuthority.Identity;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.Principal;
import java.security.cert.X509Certificate;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real handshakes over loopback, each end authenticated by a certificate. */
@Timeout(60)
class TlsHandshakeTest {

  private static final TestAuthority SERVERS = TestAuthority.root("servers root");
  private static final TestAuthority CLIENTS = TestAuthority.root("clients root");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"RSA, EC", "EC, RSA", "Ed25519, EC"})
  void bothEndsAreKnownToEachOther(String serverAlgorithm, String clientAlgorithm)
      throws Exception {
    TlsConfig server = config("server", SERVERS.issue("server", serverAlgorithm), ca(CLIENTS));
    TlsConfig client = config("client", CLIENTS.issue("client", clientAlgorithm), ca(SERVERS));

    assertThat(handshake(server, client)).isEqualTo(new Peers("CN=client", "CN=server"));
  }

  @Test
  void chainsOverAnIntermediateAreSentAlong() throws Exception {
    TestAuthority between = SERVERS.intermediate("intermediate");
    Identity identity = between.issue("server", "RSA");
    Path chain =
        write(directory.resolve("chain.pem"), identity.certificate(), between.certificate());
    Path key = write(directory.resolve("chain.key"), identity.key());

    Peers peers =
        handshake(
            new TlsConfig(chain, key, ca(CLIENTS)),
            config("client", CLIENTS.issue("client", "EC"), ca(SERVERS)));

    assertThat(peers.server()).isEqualTo("CN=server");
  }

  @Test
  void severalRootsInOneFileAreAllTrusted() throws Exception {
    TestAuthority third = TestAuthority.root("third root");
    Path roots =
        write(
            directory.resolve("roots.pem"),
            third.certificate(),
            CLIENTS.certificate(),
            SERVERS.certificate());
    TlsConfig server = config("server", SERVERS.issue("server", "EC"), roots);

    for (TestAuthority issuer : new TestAuthority[] {third, CLIENTS}) {
      TlsConfig client = config("client", issuer.issue("client", "EC"), roots);
      assertThat(handshake(server, client).client()).isEqualTo("CN=client");
    }
  }

  @Test
  void strangersAreRefused() {
    TlsConfig server = config("server", SERVERS.issue("server", "EC"), ca(CLIENTS));
    TlsConfig stranger =
        config("stranger", TestAuthority.root("stranger").issue("client", "EC"), ca(SERVERS));
    TlsConfig anonymous = new TlsConfig(null, null, ca(SERVERS));
    TlsConfig distrustful = config("client", CLIENTS.issue("client", "EC"), ca(CLIENTS));

    for (TlsConfig client : new TlsConfig[] {stranger, anonymous, distrustful}) {
      assertThatIOException()
          .isThrownBy(() -> handshake(server, client))
          .isInstanceOf(SSLException.class);
    }
  }

  @Test
  void newCertificatesAreShownSoonThoughSessionsCouldBeResumed() throws Exception {
    TlsConfig server = config("server", SERVERS.issue("server", "EC"), ca(CLIENTS));
    TlsConfig client = config("client", CLIENTS.issue("client", "EC"), ca(SERVERS));
    SSLContext connecting = new TlsFiles(client).context();
    try (SSLServerSocket listening = listen(new TlsFiles(server).context())) {
      assertThat(handshake(listening, connecting).client()).isEqualTo("CN=client");
      config("client", CLIENTS.issue("new client", "EC"), ca(SERVERS));
      while (!handshake(listening, connecting).client().equals("CN=new client")) {
        Thread.sleep(100);
      }
    }
  }

  private Path ca(TestAuthority authority) {
    return write(
        directory.resolve(authority.certificate().getSerialNumber() + ".pem"),
        authority.certificate());
  }

  private TlsConfig config(String name, Identity identity, Path ca) {
    return new TlsConfig(
        write(directory.resolve(name + ".pem"), identity.certificate()),
        write(directory.resolve(name + ".key"), identity.key()),
        ca);
  }

  /** Who each end found the other to be. */
  private record Peers(String client, String server) {}

  private static Peers handshake(TlsConfig server, TlsConfig client) throws Exception {
    try (SSLServerSocket listening = listen(new TlsFiles(server).context())) {
      return handshake(listening, new TlsFiles(client).context());
    }
  }

  private static SSLServerSocket listen(SSLContext context) throws IOException {
    SSLServerSocket listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    listening.setNeedClientAuth(true);
    return listening;
  }

  private static Peers handshake(SSLServerSocket listening, SSLContext client) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> seenByServer = threads.submit(() -> acceptOne(listening));
      try (SSLSocket socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        String serverName = nameOf(socket);
        // In TLS 1.3 a client learns only with the first byte whether it was accepted.
        if (socket.getInputStream().read() != '!') {
          throw new SSLException("closed instead of answered");
        }
        return new Peers(seenByServer.get(), serverName);
      }
    }
  }

  private static String acceptOne(SSLServerSocket listening) throws IOException {
    try (SSLSocket accepted = (SSLSocket) listening.accept()) {
      accepted.getOutputStream().write('!');
      return nameOf(accepted);
    }
  }

  private static String nameOf(SSLSocket socket) throws IOException {
    X509Certificate peer = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    Principal subject = peer.getSubjectX500Principal();
    return subject.getName();
  }
}
