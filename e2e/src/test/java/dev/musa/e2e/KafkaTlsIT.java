package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.tls.TlsConfig;
import dev.musa.sinks.testing.Certificates;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a Kafka that lets nobody in without a certificate. */
class KafkaTlsIT {
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  @TempDir Path directory;
  private Certificates certificates;
  private Ports broker;
  private KafkaRaftServer kafka;

  @BeforeEach
  void startKafka() throws Exception {
    certificates = new Certificates(Files.createDirectory(directory.resolve("tls")));
    broker = Ports.free();
    Path data = directory.resolve("kafka");
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(1)
          .setClusterId("a2Fma2EtdGxzLXRlc3QtMQ")
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .run();
    }
    Map<String, String> settings =
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@localhost:" + broker.admin()),
            Map.entry("controller.listener.names", "CONTROLLER"),
            Map.entry(
                "listeners",
                "SSL://localhost:%d,CONTROLLER://localhost:%d"
                    .formatted(broker.kafka(), broker.admin())),
            Map.entry("listener.security.protocol.map", "SSL:SSL,CONTROLLER:PLAINTEXT"),
            Map.entry("inter.broker.listener.name", "SSL"),
            Map.entry("ssl.client.auth", "required"),
            Map.entry("ssl.keystore.type", "PEM"),
            Map.entry(
                "ssl.keystore.location",
                certificates.serverFile(directory.resolve("server.pem")).toString()),
            Map.entry("ssl.truststore.type", "PEM"),
            Map.entry("ssl.truststore.location", String.valueOf(certificates.client().ca())),
            Map.entry("log.dirs", data.toString()),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "2"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "2"));
    kafka = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    kafka.startup();
  }

  @AfterEach
  void stopKafka() {
    kafka.shutdown();
    kafka.awaitShutdown();
  }

  @Test
  void everyClientOfKafkaGoesByTheFiles() throws Exception {
    TlsConfig tls = certificates.client();
    Installation musa =
        new Installation(directory, Ports.free(), "localhost:" + broker.kafka(), "musa");
    musa.configure(
        """
        kafka:
          bootstrapServers: ["%s"]
          tls: {certificate: %s, key: %s, ca: %s}
        topics: {partitions: 2}
        """
            .formatted(musa.bootstrapServers(), tls.certificate(), tls.key(), tls.ca()));
    try (MusaProcess process = musa.run()) {
      Random random = new Random(5);
      Span span =
          Traces.span(random, Traces.newTraceId(random), "paid", Duration.ofMillis(1), false);
      assertThat(
              Traces.post(
                  musa.ports(), "traces", Traces.request("shop", List.of(span)).toByteArray()))
          .isEqualTo(200);
      OutputFiles output = new OutputFiles(musa.output());
      Await.until("the span", ARRIVAL, () -> !output.spans().isEmpty(), process::output);
      assertThat(output.spans()).containsExactly(span);
      assertThat(musa.metrics())
          .contains("musa_tls_certificate_expiration_timestamp_seconds{use=\"kafka\"}");
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }
}
