package dev.musa.collector;

import static dev.musa.collector.RunningCollector.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.util.concurrent.ListenableFuture;
import dev.musa.collector.CollectorConfig.Endpoint;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CollectorLifecycleTest {
  private static final Endpoint ANY_PORT = new Endpoint("127.0.0.1", 0);

  private static CollectorConfig config(Endpoint grpc, Endpoint http, boolean insecure) {
    CollectorConfig test = RunningCollector.config();
    return new CollectorConfig(
        grpc,
        http,
        insecure,
        test.tenant(),
        test.cluster(),
        test.maxRequestBytes(),
        test.inFlightBytes(),
        test.maxRecordBytes(),
        test.linger(),
        test.readTimeout(),
        test.retryAfter(),
        test.deliveryTimeout(),
        test.maxConnectionAge(),
        test.maxConnectionAgeGrace(),
        test.drainTimeout(),
        test.recording());
  }

  private static void assertStartFails(CollectorConfig config, String message) {
    try (RunningCollector collector = RunningCollector.notStarted(config)) {
      assertThatThrownBy(() -> collector.collector().start())
          .isInstanceOf(StartupException.class)
          .hasMessage(message);
    }
  }

  @Test
  void portInUse_failsTheStart_withPortKeyAndRemedy() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Endpoint endpoint = new Endpoint("127.0.0.1", taken.getLocalPort());
      String remedy =
          ".port: 127.0.0.1:%d is in use by another process; stop that one (is MUSA running"
              + " already?) or set %s.port to a free port";

      assertStartFails(
          config(endpoint, ANY_PORT, false),
          "collector.grpc" + remedy.formatted(taken.getLocalPort(), "collector.grpc"));
      assertStartFails(
          config(ANY_PORT, endpoint, false),
          "collector.http" + remedy.formatted(taken.getLocalPort(), "collector.http"));
    }
  }

  @Test
  void hostThatIsNotOfThisMachine_failsTheStart() {
    assertThatThrownBy(() -> startAndClose(config(new Endpoint("192.0.2.1", 0), ANY_PORT, true)))
        .isInstanceOf(StartupException.class)
        .hasMessageStartingWith("collector.grpc: cannot listen on 192.0.2.1:0: ")
        .hasMessageEndingWith("(expected: host is an address of this machine)");
    assertStartFails(
        config(ANY_PORT, new Endpoint("no.such.host.invalid", 0), true),
        "collector.http.host: 'no.such.host.invalid' is not known (expected: an address of this"
            + " machine, such as 127.0.0.1)");
  }

  private static void startAndClose(CollectorConfig config) {
    try (RunningCollector collector = RunningCollector.notStarted(config)) {
      collector.collector().start();
    }
  }

  @Test
  void plaintextBeyondLoopback_needsInsecure() {
    assertStartFails(
        config(ANY_PORT, new Endpoint("0.0.0.0", 0), false),
        "collector.http.host: 0.0.0.0 is not loopback (expected: 127.0.0.1; or set"
            + " collector.insecure: true to serve plaintext to the network)");
    startAndClose(config(ANY_PORT, new Endpoint("0.0.0.0", 0), true));
  }

  @Test
  void records_sayTenantAndClusterOfTheListener_whateverTheClientClaims() {
    try (RunningCollector collector = RunningCollector.acknowledging();
        GrpcClient client = new GrpcClient(collector.collector().grpcPort())) {
      client.exportClaimingTenant(Signal.LOGS, Samples.logs(3), "someone-else");

      assertThat(RecordHeaders.read(collector.records().getFirst().headers()))
          .isEqualTo(
              new RecordHeaders(
                  "shop", "west", 3, RunningCollector.NOW.toEpochMilli(), "127.0.0.1", null));
    }
  }

  @Test
  void close_letsWhatIsInFlightEnd_andTakesNothingNew() throws Exception {
    RunningCollector collector = RunningCollector.waitingForKafka();
    try (GrpcClient client = new GrpcClient(collector.collector().grpcPort());
        GrpcClient late = new GrpcClient(collector.collector().grpcPort())) {
      assertThat(late.export(Signal.LOGS, new byte[0])).isEmpty();
      ListenableFuture<byte[]> inFlight = client.exportAsync(Signal.LOGS, Samples.logs(3));
      collector.awaitRecords(1);

      CompletableFuture<Void> closing = CompletableFuture.runAsync(collector::close);
      await(() -> !collector.collector().health().ready(), "closing has begun");
      assertThat(
              catchThrowableOfType(
                      StatusRuntimeException.class, () -> late.export(Signal.LOGS, Samples.logs(1)))
                  .getStatus()
                  .getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      collector.kafka().completeNext();

      assertThat(inFlight.get(10, TimeUnit.SECONDS)).isEmpty();
      closing.get(10, TimeUnit.SECONDS);
      assertThat(collector.kafka().closed()).isTrue();
      collector.assertNothingInFlight();
    }
  }

  @Test
  @Timeout(20)
  void close_isBounded_whenKafkaDoesNotAnswer() {
    RunningCollector collector =
        RunningCollector.started(
            RunningCollector.config(Duration.ofSeconds(20), Duration.ofMillis(500)),
            () -> RunningCollector.producer(false));
    try (GrpcClient client = new GrpcClient(collector.collector().grpcPort())) {
      ListenableFuture<byte[]> inFlight = client.exportAsync(Signal.LOGS, Samples.logs(3));
      collector.awaitRecords(1);

      long begun = System.nanoTime();
      collector.close();

      assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(8));
      assertThatThrownBy(() -> inFlight.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(StatusRuntimeException.class);
    }
  }

  @Test
  void close_beforeStartAndTwice_isHarmless() {
    RunningCollector collector = RunningCollector.notStarted(RunningCollector.config());
    assertThat(collector.collector().health().ready()).isFalse();
    collector.close();
    collector.close();
    assertThat(collector.collector().health().detail()).isEqualTo("stopping");
  }

  @Test
  @Timeout(60)
  void realProducerWithoutBroker_refusesAtOnce_asRetryable() throws IOException {
    int nobody;
    try (ServerSocket free = new ServerSocket(0)) {
      nobody = free.getLocalPort();
    }
    KafkaConfig kafka = new KafkaConfig(List.of("127.0.0.1:" + nobody), Map.of());
    try (Collector collector =
        new Collector(
            RunningCollector.config(),
            kafka,
            RunningCollector.TOPICS,
            new Gate(),
            new SimpleMeterRegistry(),
            InstantSource.system())) {
      collector.start();
      try (GrpcClient client = new GrpcClient(collector.grpcPort())) {
        for (int i = 0; i < 100; i++) {
          StatusRuntimeException failure =
              catchThrowableOfType(
                  StatusRuntimeException.class, () -> client.export(Signal.LOGS, Samples.logs(1)));
          assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
          assertThat(GrpcClient.retryDelay(failure)).isNotNull();
        }
      }
      assertThat(collector.health().ready()).isFalse();
      assertThat(collector.health().detail()).startsWith("Kafka has not been reached yet");
    }
  }

  @Test
  void kafkaSettingThatTheProducerRefuses_failsTheStart() {
    KafkaConfig kafka = new KafkaConfig(List.of("127.0.0.1:9"), Map.of("compression.type", "zip"));
    try (Collector collector =
        new Collector(
            RunningCollector.config(),
            kafka,
            RunningCollector.TOPICS,
            new Gate(),
            new SimpleMeterRegistry(),
            InstantSource.system())) {
      assertThatThrownBy(collector::start)
          .isInstanceOf(StartupException.class)
          .hasMessageStartingWith("collector: no Kafka producer can be made: ")
          .hasMessageContaining("compression.type");
    }
  }
}
