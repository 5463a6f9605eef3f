package dev.musa.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.musa.runtime.lifecycle.StartupException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaAdminTest {

  @Test
  void silentServersAreGivenUpInTimeAndNamed() throws Exception {
    // A socket that accepts and never answers.
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      String server = "127.0.0.1:" + silent.getLocalPort();
      long begin = System.nanoTime();

      assertThatExceptionOfType(StartupException.class)
          .isThrownBy(() -> connect(new KafkaConfig(List.of(server, "127.0.0.1:1"), Map.of())))
          .withMessage(
              "Kafka at %s, 127.0.0.1:1 did not answer within 1s while connecting: see that it"
                  + " runs, or set kafka.bootstrapServers",
              server);

      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(10);
    }
  }

  @Test
  void unknownHostsAndWrongPropertiesAreNamed() {
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> connect(new KafkaConfig(List.of("no-such-host.invalid:9092"), Map.of())))
        .withMessage(
            "Kafka at no-such-host.invalid:9092 cannot be connected: No resolvable bootstrap urls"
                + " given in bootstrap.servers (expected: reachable kafka.bootstrapServers and"
                + " valid kafka.tls and kafka.properties)");
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() ->
            connect(new KafkaConfig(List.of("127.0.0.1:1"), Map.of("security.protocol", "TLS"))))
        .withMessageStartingWith("Kafka at 127.0.0.1:1 cannot be connected: Invalid value TLS")
        .withMessageEndingWith(
            "(expected: reachable kafka.bootstrapServers and valid"
                + " kafka.tls and kafka.properties)");
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> connect(KafkaConfig.defaults()))
        .withMessage(
            "no Kafka is configured: set kafka.bootstrapServers (expected: at least one"
                + " host:port)");
  }

  @Test
  void refusedCredentialsAreSaidSo() {
    KafkaFutureImpl<String> refused = new KafkaFutureImpl<>();
    refused.completeExceptionally(new SaslAuthenticationException("bad password"));

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> KafkaCalls.within(Duration.ofSeconds(1)).get(refused, "connecting"))
        .withMessage(
            "Kafka refused the credentials: bad password (expected: valid ones in"
                + " kafka.properties)");
  }

  @Test
  void otherRefusalsAreLeftToTheCaller() {
    KafkaFutureImpl<String> refused = new KafkaFutureImpl<>();
    refused.completeExceptionally(new InvalidTopicException("a/b"));

    assertThatExceptionOfType(InvalidTopicException.class)
        .isThrownBy(() -> KafkaCalls.within(Duration.ofSeconds(1)).get(refused, "connecting"));
  }

  @Test
  void interruptionEndsTheWaitAndIsKept() {
    KafkaFutureImpl<String> never = new KafkaFutureImpl<>();
    Thread.currentThread().interrupt();

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> KafkaCalls.within(Duration.ofSeconds(30)).get(never, "connecting"))
        .withMessage("interrupted while connecting");

    assertThat(Thread.interrupted()).isTrue();
  }

  private static void connect(KafkaConfig config) {
    KafkaAdmin.connect(config, "test", Duration.ofSeconds(1)).close();
  }
}
