package dev.musa.processors.streams;

import static dev.musa.processors.Otlp.bodies;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.RecordedCounts;
import dev.musa.processors.TestBroker;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.rules.Condition;
import dev.musa.rules.Limit;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.runtime.retry.Backoff;
import dev.musa.schemas.DeadLetterHeaders;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The Streams application against a broker. */
class StreamsAppTest {
  private static final int PARTITIONS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static @TempDir Path directory;
  private static TestBroker broker;

  private final RecordedCounts counts = new RecordedCounts();
  private final Transactions transactions = new Transactions(counts);
  private final Backlog backlog = new Backlog();
  private final Map<TopicPartition, Long> expired = new ConcurrentHashMap<>();
  private final Limits limits = new Limits(new SimpleMeterRegistry(), 10);
  private @TempDir Path stateDir;
  private Topics topics;
  private StreamsApp app;

  @BeforeAll
  static void startBroker() throws Exception {
    broker = TestBroker.start(directory);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void createTopics(TestInfo test) throws Exception {
    topics = new Topics(test.getTestMethod().orElseThrow().getName());
    broker.createTopics(
        PARTITIONS,
        Map.of(),
        topics.raw(Signal.LOGS),
        topics.processed(Signal.LOGS),
        topics.ledger(),
        topics.deadLetter());
    try (Admin admin = broker.admin()) {
      admin
          .alterConsumerGroupOffsets(
              group(),
              IntStream.range(0, PARTITIONS)
                  .boxed()
                  .collect(Collectors.toMap(this::raw, _ -> new OffsetAndMetadata(0))))
          .all()
          .get();
    }
  }

  @AfterEach
  void closeApp() {
    if (app != null) {
      app.close();
    }
  }

  @Test
  void records_keepPartitionAndOrder_acrossARestart() throws Exception {
    start();
    broker.produce(
        IntStream.range(0, 30).mapToObj(i -> record(i % PARTITIONS, "body" + i)).toList());
    assertThat(kept(30)).hasSize(30);
    app.close();
    Set<String> firstIds = transactionalIds();

    broker.produce(
        IntStream.range(30, 60).mapToObj(i -> record(i % PARTITIONS, "body" + i)).toList());
    start();

    List<ConsumerRecord<byte[], byte[]>> all = kept(60);
    for (int partition = 0; partition < PARTITIONS; partition++) {
      int p = partition;
      assertThat(all.stream().filter(r -> r.partition() == p).map(r -> body(r.value())))
          .containsExactlyElementsOf(
              IntStream.range(0, 60)
                  .filter(i -> i % PARTITIONS == p)
                  .mapToObj(i -> "body" + i)
                  .toList());
    }
    assertThat(all).allSatisfy(record -> assertThat(record.key()).isNull());
    app.close();
    assertThat(firstIds).hasSize(1);
    assertThat(transactionalIds()).isEqualTo(firstIds);
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 60L));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(Backlog.NOTHING_PENDING);
  }

  @Test
  void malformed_goesToTheDeadLetters_andItsPartitionGoesOn() throws Exception {
    start(
        new Limit(
            "none", Condition.NEVER, (_, _) -> {}, 1, Duration.ofSeconds(1), 1, Condition.NEVER));
    ProducerRecord<byte[], byte[]> bad =
        new ProducerRecord<>(
            topics.raw(Signal.LOGS), 1, null, null, new byte[] {10, 99}, headers());
    broker.produce(List.of(bad, record(1, "good")));

    assertThat(body(kept(1).getFirst().value())).isEqualTo("good");
    ConsumerRecord<byte[], byte[]> dead = read(topics.deadLetter(), 1).getFirst();
    assertThat(dead.value()).isEqualTo(bad.value());
    assertThat(DeadLetterHeaders.read(dead.headers()).origin())
        .isEqualTo(new DeadLetterHeaders.Origin(topics.raw(Signal.LOGS), 1, 0));
  }

  @Test
  void expiredPosition_isClampedAndCounted() throws Exception {
    broker.produce(IntStream.range(0, 10).mapToObj(i -> record(0, "body" + i)).toList());
    try (Admin admin = broker.admin()) {
      admin.deleteRecords(Map.of(raw(0), RecordsToDelete.beforeOffset(7))).all().get();
    }

    start();

    assertThat(kept(3)).extracting(r -> body(r.value())).containsExactly("body7", "body8", "body9");
    assertThat(expired).containsOnly(entry(raw(0), 7L));
  }

  @Test
  void failure_startsTheClientAnew_andNothingIsLostDoubledOrSpentTwice() throws Exception {
    AtomicBoolean failOnce = new AtomicBoolean(true);
    Condition failing =
        at -> {
          if (at.logRecord().body().text().toString().equals("body4")
              && failOnce.getAndSet(false)) {
            throw new IllegalStateException("as a test demands");
          }
          return true;
        };
    // As many tokens as records: were those of the aborted transaction lost, some would be limited.
    start(
        new Limit(
            "all",
            failing,
            (_, out) -> out.appendAbsent(),
            1,
            Duration.ofHours(1),
            6,
            Condition.NEVER));
    broker.produce(IntStream.range(0, 6).mapToObj(i -> record(0, "body" + i)).toList());

    assertThat(kept(6))
        .extracting(r -> body(r.value()))
        .containsExactly("body0", "body1", "body2", "body3", "body4", "body5");
    assertThat(failOnce).isFalse();
    app.close();
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 6L));
  }

  private void start(Step... steps) {
    app =
        new StreamsApp(
            () -> topology(List.of(steps)),
            () ->
                new StreamsSettings(group(), "0", stateDir, 1, Duration.ofMillis(100), 1 << 20)
                    .properties(Map.of("bootstrap.servers", broker.bootstrap())),
            new Clients(
                transactions,
                backlog,
                () -> new HeldBack(Set.of(), InstantSource.system(), System::nanoTime),
                (partition, from, to) -> expired.put(partition, to - from),
                topics.ledger()),
            new SimpleMeterRegistry(),
            new Backoff(
                Duration.ofMillis(10), Duration.ofMillis(100), RandomGenerator.getDefault()),
            InstantSource.system());
    app.start();
  }

  private Topology topology(List<Step> steps) {
    Topology topology = new Topology();
    PathParts parts =
        new PathParts(
            topics,
            _ -> RuleSet.EMPTY,
            limits,
            transactions,
            TestPods.none(),
            InstantSource.system(),
            1 << 20);
    dev.musa.processors.streams.Path.of(Signal.LOGS, topology, parts)
        .read(topics.raw(Signal.LOGS))
        .apply(_ -> steps)
        .write(topics.processed(Signal.LOGS))
        .deadLetter(topics.deadLetter())
        .hold(topics.waiting(Signal.LOGS));
    return topology;
  }

  private String group() {
    return topics.prefix() + "-group";
  }

  private TopicPartition raw(int partition) {
    return new TopicPartition(topics.raw(Signal.LOGS), partition);
  }

  private Set<String> transactionalIds() throws Exception {
    try (Admin admin = broker.admin()) {
      return admin.listTransactions().all().get().stream()
          .map(TransactionListing::transactionalId)
          .filter(id -> id.startsWith(group()))
          .collect(Collectors.toSet());
    }
  }

  private ProducerRecord<byte[], byte[]> record(int partition, String body) {
    byte[] value = logs(resourceLogs(Map.of(), log(9, body, Map.of()))).toByteArray();
    return new ProducerRecord<>(topics.raw(Signal.LOGS), partition, null, null, value, headers());
  }

  private static Headers headers() {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders("acme", "east", 1, 99, null, null).writeTo(headers);
    return headers;
  }

  private List<ConsumerRecord<byte[], byte[]>> kept(int count) {
    return read(topics.processed(Signal.LOGS), count);
  }

  /** Reads from the start until there are so many records, and what comes with the last of them. */
  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = System.nanoTime() + LIMIT.toNanos();
      while (records.size() < count && System.nanoTime() < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
    }
    assertThat(records).as("records on %s", topic).hasSize(count);
    return records;
  }

  private static String body(byte[] value) {
    return bodies(parseLogs(value)).getFirst();
  }
}
