package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Gate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
  private static final TopicPartition READ = new TopicPartition("read", 0);
  private static final TopicPartition UNREAD = new TopicPartition("unread", 0);
  private static final int RECORDS = 50;
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @TempDir Path data;
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final InstantSource tomorrow =
      InstantSource.fixed(Instant.now().plus(Duration.ofHours(25)));
  private EmbeddedNode node;
  private Retention retention;
  private Admin admin;

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @BeforeEach
  void start() throws Exception {
    NodeConfig config = NodeConfig.defaults().withData(data).withPort(0);
    // Kafka removes the files that Retention has made useless: soon, for a test.
    Map<String, String> hurry =
        Map.of("log.initial.task.delay.ms", "100", "log.retention.check.interval.ms", "200");
    node =
        new EmbeddedNode(
            config, new Gate(), metrics, InstantSource.system(), hurry, () -> Long.MAX_VALUE);
    node.start();
    retention =
        new Retention(
            node,
            config,
            Map.of("read", Set.of("fast", "slow"), "unread", Set.of()),
            metrics,
            tomorrow);
    retention.start();
    admin = Clients.admin(node.bootstrapServers());
    for (TopicPartition each : List.of(READ, UNREAD)) {
      Clients.createTopic(
          node.bootstrapServers(), each.topic(), 1, Map.of("segment.bytes", "1048576"));
      fill(each);
    }
  }

  @AfterEach
  void stop() {
    try (EmbeddedNode _ = node;
        Retention _ = retention;
        Admin _ = admin) {
      metrics.close();
    }
  }

  @Test
  void round_deletesOnlyWhatEveryReaderHasPassed() throws Exception {
    commit("fast", RECORDS);
    retention.round();
    assertThat(startOf(READ)).as("slow has no position").isZero();
    assertThat(startOf(UNREAD)).as("no readers, only old").isEqualTo(RECORDS);
    assertThat(metrics.get("musa.retention.held").tag("topic", "read").gauge().value())
        .isGreaterThan(RECORDS * 100_000);

    commit("slow", 27);
    retention.round();
    assertThat(startOf(READ)).isEqualTo(27);

    commit("slow", RECORDS);
    retention.round();
    assertThat(startOf(READ)).isEqualTo(RECORDS);
    assertThat(metrics.get("musa.retention.held").tag("topic", "read").gauge().value()).isZero();
    Waiting.until("files gone", LIMIT, () -> segments(READ) == 1 && segments(UNREAD) == 1);
  }

  private void fill(TopicPartition partition) {
    // Ten to a segment.
    String value = "x".repeat(100_000);
    try (var producer = Clients.producer(node.bootstrapServers(), Map.of())) {
      for (int i = 0; i < RECORDS; i++) {
        var _ = producer.send(new ProducerRecord<>(partition.topic(), 0, null, value));
      }
    }
  }

  private void commit(String group, long offset) throws Exception {
    admin.alterConsumerGroupOffsets(group, Map.of(READ, new OffsetAndMetadata(offset))).all().get();
  }

  private long startOf(TopicPartition partition) throws Exception {
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.earliest()))
        .partitionResult(partition)
        .get()
        .offset();
  }

  private long segments(TopicPartition partition) {
    try (Stream<Path> files = Files.list(data.resolve("kafka").resolve(partition.toString()))) {
      return files.filter(f -> f.toString().endsWith(".log")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
