package dev.musa.processors;

import static dev.musa.processors.Otlp.gauge;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.metrics;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static dev.musa.processors.enrich.PodFixtures.CLUSTER;
import static dev.musa.processors.enrich.PodFixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.processors.enrich.EnrichConfig;
import dev.musa.rules.RuleSetIndex;
import dev.musa.rules.RulesConfig;
import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Groups;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
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
        TOPICS.waiting(Signal.LOGS),
        TOPICS.waiting(Signal.METRICS),
        TOPICS.ledger(),
        TOPICS.deadLetter());
    broker.createTopics(
        1, Map.of("cleanup.policy", "compact"), TOPICS.rules(), TOPICS.kubernetesMetadata());
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

      assertThat(readOne(Signal.LOGS, log).value()).isEqualTo(log);
      ConsumerRecord<byte[], byte[]> metric = readOne(Signal.METRICS, points);
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

  @Test
  void aLogOfAPodThatIsNotKnownYet_waitsForIt_besideItsNeighbours() throws Exception {
    long now = System.currentTimeMillis();
    KafkaConfig kafka = KafkaConfig.defaults().withBootstrapServers(List.of(broker.bootstrap()));
    publish(pod("u1", "cart-1", "10.0.0.1", now - 60_000));
    Processors processors = processors();
    processors.start();
    try {
      produce(
          Signal.LOGS,
          logs(
                  resourceLogs(Map.of("k8s.pod.uid", "u1"), log(9, "known", Map.of())),
                  resourceLogs(Map.of("k8s.pod.uid", "u2"), log(9, "new", Map.of())))
              .toByteArray(),
          2,
          CLUSTER,
          now);
      assertThat(joined("known")).contains("cart-1");
      awaitPending(processors);
      publish(pod("u2", "cart-2", "10.0.0.2", now));
      assertThat(joined("new")).contains("cart-2");
    } finally {
      processors.close();
    }
    FlowReport report = new FlowReport(metrics);
    assertThat(report.items("processors", "logs", "processed")).isEqualTo(2);
    try (Admin admin = KafkaAdmin.connect(kafka, "test")) {
      assertThat(
              admin
                  .listConsumerGroupOffsets(new Groups("musa").streams())
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(new TopicPartition(TOPICS.waiting(Signal.LOGS), 1))
                  .offset())
          .isPositive();
    }
  }

  /** Until something is read and not processed, for longer than a commit takes. */
  private static void awaitPending(Processors processors) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    for (int seen = 0; seen < 5; ) {
      assertThat(System.nanoTime()).as("nothing waits").isLessThan(deadline);
      Thread.sleep(100);
      seen = processors.oldestPendingUnixMilli() == Long.MAX_VALUE ? 0 : seen + 1;
    }
  }

  private static void publish(Pod pod) throws Exception {
    broker.produce(
        List.of(
            new ProducerRecord<>(
                TOPICS.kubernetesMetadata(),
                0,
                MetadataCodec.podKey(pod.cluster(), pod.uid()),
                MetadataCodec.write(pod))));
  }

  /** The pods of the resource that has sent this text. */
  private static List<String> joined(String text) {
    return readUntil(
        Signal.LOGS,
        record ->
            parseLogs(record.value()).getResourceLogsList().stream()
                .filter(resource ->
                    resource
                        .getScopeLogs(0)
                        .getLogRecords(0)
                        .getBody()
                        .getStringValue()
                        .equals(text))
                .map(resource ->
                    resource.getResource().getAttributesList().stream()
                        .filter(each -> each.getKey().equals("k8s.pod.name"))
                        .map(each -> each.getValue().getStringValue())
                        .toList())
                .findFirst());
  }

  private Processors processors() {
    KafkaConfig kafka = KafkaConfig.defaults().withBootstrapServers(List.of(broker.bootstrap()));
    ProcessorsConfig config =
        new ProcessorsConfig(
            "one", stateDir, 1, Duration.ofMillis(100), 1_000, EnrichConfig.defaults());
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
    produce(signal, value, items, "west", 99);
  }

  private static void produce(Signal signal, byte[] value, int items, String cluster, long intake)
      throws Exception {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders("acme", cluster, items, intake, null, null).writeTo(headers);
    broker.produce(
        List.of(new ProducerRecord<>(TOPICS.raw(signal), 1, null, null, value, headers)));
  }

  private static ConsumerRecord<byte[], byte[]> readOne(Signal signal, byte[] value) {
    return readUntil(
        signal, record -> Optional.of(record).filter(each -> Arrays.equals(each.value(), value)));
  }

  private static <T> T readUntil(
      Signal signal, Function<ConsumerRecord<byte[], byte[]>, Optional<T>> found) {
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
          Optional<T> result = found.apply(record);
          if (result.isPresent()) {
            return result.get();
          }
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
