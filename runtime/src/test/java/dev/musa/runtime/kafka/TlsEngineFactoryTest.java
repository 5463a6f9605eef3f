package dev.musa.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.tls.TestAuthority;
import dev.musa.runtime.tls.TlsConfig;
import dev.musa.runtime.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client of Kafka that connects again and again, as nobody here speaks Kafka. */
class TlsEngineFactoryTest {
  private static final TestAuthority ROOT = TestAuthority.root("root");

  @TempDir Path directory;
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @Test
  @Timeout(60)
  void clientsShowTheCertificateThatIsThereWhenTheyConnect() throws Exception {
    TlsConfig server = issue("server", "localhost");
    TlsConfig client = issue("client", "first");
    try (SSLServerSocket listening =
        (SSLServerSocket)
            new TlsFiles(server)
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      Thread.ofVirtual().start(() -> accept(listening));
      String address = "localhost:" + listening.getLocalPort();
      KafkaConfig config =
          new KafkaConfig(
              List.of(address), client, Map.of("ssl.enabled.protocols", "TLSv1.2,TLSv1.3"));
      try (Admin admin = Admin.create(config.clientProperties("test"))) {
        var asked = admin.describeCluster().nodes();
        assertThat(seen.poll(30, TimeUnit.SECONDS)).isEqualTo("CN=first");

        issue("client", "second");

        while (!"CN=second".equals(seen.poll(30, TimeUnit.SECONDS))) {
          assertThat(asked).isNotDone();
        }
        admin.close(Duration.ZERO);
      }
    }
  }

  private TlsConfig issue(String file, String name) {
    TestAuthority.Identity identity = ROOT.issue(name, "EC");
    return new TlsConfig(
        TestAuthority.write(directory.resolve(file + ".pem"), identity.certificate()),
        TestAuthority.write(directory.resolve(file + ".key"), identity.key()),
        TestAuthority.write(directory.resolve("ca.pem"), ROOT.certificate()));
  }

  private void accept(SSLServerSocket listening) {
    while (!listening.isClosed()) {
      try (SSLSocket accepted = (SSLSocket) listening.accept()) {
        accepted.startHandshake();
        X509Certificate peer = (X509Certificate) accepted.getSession().getPeerCertificates()[0];
        seen.add(peer.getSubjectX500Principal().getName());
      } catch (IOException e) {
        seen.add(e.toString());
      }
    }
  }
}
