package dev.musa.processors;

import static dev.musa.processors.Otlp.gauge;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.metrics;
import static dev.musa.processors.Otlp.resourceLogs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.rules.RuleSetIndex;
import dev.musa.rules.RulesConfig;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Groups;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processors whole, against a broker. */
class ProcessorsTest {
  private static final Topics TOPICS = new Topics("musa");
  private static @TempDir Path directory;
  private static TestBroker broker;

  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<String> events = new ArrayList<>();
  private @TempDir Path stateDir;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = TestBroker.start(directory);
    broker.createTopics(
        2,
        Map.of("message.timestamp.type", "LogAppendTime"),
        TOPICS.raw(Signal.LOGS),
        TOPICS.raw(Signal.METRICS));
    broker.createTopics(
        2,
        Map.of(),
        TOPICS.processed(Signal.LOGS),
        TOPICS.processed(Signal.METRICS),
        TOPICS.ledger(),
        TOPICS.deadLetter());
    broker.createTopics(1, Map.of("cleanup.policy", "compact"), TOPICS.rules());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void logsAndMetrics_areProcessed_besideTheOtherServices() throws Exception {
    byte[] log = logs(resourceLogs(Map.of(), log(9, "hello", Map.of()))).toByteArray();
    byte[] points = metrics(Map.of(), gauge("up", 2)).toByteArray();
    Processors processors = processors();
    assertThat(processors.health().ready()).isFalse();
    assertThat(processors.oldestPendingUnixMilli()).isEqualTo(Long.MAX_VALUE);

    processors.start();
    try {
      assertThat(processors.oldestPendingUnixMilli()).isEqualTo(42);
      assertThatThrownBy(() -> processors().start())
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("in use by another process");
      produce(Signal.LOGS, log, 1);
      produce(Signal.METRICS, points, 2);

      assertThat(readOne(Signal.LOGS).value()).isEqualTo(log);
      ConsumerRecord<byte[], byte[]> metric = readOne(Signal.METRICS);
      assertThat(metric.value()).isEqualTo(points);
      assertThat(RecordHeaders.read(metric.headers()).rulesVersion()).isEqualTo("none");
      assertThat(processors.health()).extracting(Health::ready).isEqualTo(true);
    } finally {
      processors.close();
    }

    assertThat(events).containsExactly("start", "close");
    FlowReport report = new FlowReport(metrics);
    assertThat(report.items("processors", "logs", "processed")).isEqualTo(1);
    assertThat(report.items("processors", "metrics", "processed")).isEqualTo(2);
  }

  private Processors processors() {
    KafkaConfig kafka = KafkaConfig.defaults().withBootstrapServers(List.of(broker.bootstrap()));
    ProcessorsConfig config = new ProcessorsConfig("", stateDir, 1, Duration.ofMillis(100), 1_000);
    RuleSetIndex rules =
        new RuleSetIndex(RulesConfig.defaults(), kafka, TOPICS, metrics, InstantSource.system());
    return new Processors(
        config,
        kafka,
        TOPICS,
        new Groups("musa"),
        rules,
        metrics,
        1 << 20,
        InstantSource.system(),
        List.of(shared -> new PathService(new Other(shared), () -> 42)));
  }

  private static void produce(Signal signal, byte[] value, int items) throws Exception {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders("acme", "east", items, 99, null, null).writeTo(headers);
    broker.produce(
        List.of(new ProducerRecord<>(TOPICS.raw(signal), 1, null, null, value, headers)));
  }

  private static ConsumerRecord<byte[], byte[]> readOne(Signal signal) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partition = List.of(new TopicPartition(TOPICS.processed(signal), 1));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      for (int i = 0; i < 60; i++) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          return record;
        }
      }
    }
    throw new AssertionError("nothing on " + TOPICS.processed(signal));
  }

  private final class Other implements Service {
    private final Shared shared;

    Other(Shared shared) {
      this.shared = shared;
    }

    @Override
    public String name() {
      return "other";
    }

    @Override
    public void start() {
      assertThat(shared.instance()).isNotEmpty();
      events.add("start");
    }

    @Override
    public void close() {
      events.add("close");
    }

    @Override
    public Health health() {
      return Health.ok();
    }
  }
}
