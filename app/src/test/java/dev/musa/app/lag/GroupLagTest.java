package dev.musa.app.lag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.musa.app.node.EmbeddedNode;
import dev.musa.app.node.NodeConfig;
import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Gate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupLagTest {
  private static final String TOPIC = "telemetry";
  private static final long NOW = System.currentTimeMillis();

  @TempDir private static Path data;
  private static EmbeddedNode node;
  private static KafkaConfig kafka;

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final GroupLag lag =
      new GroupLag(
          kafka,
          Map.of(TOPIC, Set.of("fast", "slow", "never"), "unread", Set.of()),
          metrics,
          () -> Instant.ofEpochMilli(NOW));

  @BeforeAll
  static void startNode() throws Exception {
    node =
        new EmbeddedNode(
            NodeConfig.defaults().withData(data).withPort(0),
            new Gate(),
            new SimpleMeterRegistry(),
            InstantSource.system());
    node.start();
    kafka = new KafkaConfig(List.of(node.bootstrapServers()), Map.of());
    try (AdminClient admin = KafkaAdmin.connect(kafka, "test")) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
    }
  }

  @AfterAll
  static void stopNode() {
    node.close();
  }

  @Test
  void eachGroup_isAsOldAsTheFirstRecordThatItHasNotPassed() throws Exception {
    try (AdminClient admin = KafkaAdmin.connect(kafka, "test");
        UnreadRecords unread = UnreadRecords.connect(kafka, "test-records")) {
      produce(0, NOW - 90_000);
      produce(0, NOW - 60_000);
      produce(1, NOW - 30_000);
      commit(admin, "fast", 0, 1);
      commit(admin, "slow", 1, 0);

      lag.look(admin, unread);
      assertThat(metrics.find("musa.group.lag").tag("group", "never").gauge()).isNull();
      assertThat(records("fast")).as("with the markers of transactions").isEqualTo(5);
      assertThat(records("slow")).isEqualTo(6);
      lag.look(admin, unread);
      assertThat(seconds("fast")).isCloseTo(60, within(0.01));
      assertThat(seconds("slow")).isCloseTo(90, within(0.01));

      commit(admin, "fast", 0, 3);
      lag.look(admin, unread);
      assertThat(seconds("fast")).as("a marker is no record").isCloseTo(30, within(0.01));

      commit(admin, "fast", 0, 4);
      commit(admin, "fast", 1, 2);
      lag.look(admin, unread);
      assertThat(records("fast")).isZero();
      assertThat(seconds("fast")).isZero();

      produce(1, NOW - 20_000);
      lag.look(admin, unread);
      assertThat(records("fast")).isEqualTo(2);
      assertThat(seconds("fast")).as("it came since the last look").isZero();
    }
  }

  private static void produce(int partition, long unixMilli) {
    Map<String, Object> properties = kafka.soleWriterProperties("test-writer", "test-writer");
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties)) {
      producer.initTransactions();
      producer.beginTransaction();
      var _ = producer.send(new ProducerRecord<>(TOPIC, partition, unixMilli, null, new byte[10]));
      producer.commitTransaction();
    }
  }

  private static void commit(AdminClient admin, String group, int partition, long offset)
      throws Exception {
    admin
        .alterConsumerGroupOffsets(
            group, Map.of(new TopicPartition(TOPIC, partition), new OffsetAndMetadata(offset)))
        .all()
        .get();
  }

  private double seconds(String group) {
    return metrics.get("musa.group.lag").tags("group", group, "topic", TOPIC).gauge().value();
  }

  private double records(String group) {
    return metrics.get("musa.group.lag.records").tags("group", group).gauge().value();
  }
}
