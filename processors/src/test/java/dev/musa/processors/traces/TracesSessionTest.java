package dev.musa.processors.traces;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.processors.RecordedCounts;
import dev.musa.processors.TestBroker;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.rules.RuleSet;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.Groups;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.decisions.DecisionBatch;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.Line;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** Both passes against a broker. */
class TracesSessionTest {
  private static final int PARTITIONS = 3;
  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final String ERRORS_AND_A_SHARE =
      """
      - name: tail
        sample:
          decide: {after: %s}
          policies:
            - {name: errors, keep: {anySpan: status.code == ERROR}}
            - {name: some, keep: {probability: %s}}
      """;
  private static @TempDir Path directory;
  private static TestBroker broker;

  private final RecordedCounts counts = new RecordedCounts();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final TestRuleSets rules = new TestRuleSets();
  private Topics topics;

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
        PARTITIONS, Map.of("message.timestamp.type", "LogAppendTime"), topics.raw(Signal.TRACES));
    broker.createTopics(
        PARTITIONS,
        Map.of(),
        topics.processed(Signal.TRACES),
        topics.decisions(),
        topics.ledger(),
        topics.deadLetter());
  }

  @Test
  void withoutRules_allThatIsSentArrives_andEveryCountIsExact() throws Exception {
    TestMember member = member("a");
    member.start();
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      for (int i = 0; i < 20; i++) {
        traffic.round(10);
      }
      awaitAllProcessed();
      member.stop();
      List<Sent> out = processed();
      assertThat(out.stream().map(Sent::name))
          .containsExactlyInAnyOrderElementsOf(
              traffic.sent.values().stream().flatMap(List::stream).toList());
      assertThat(out).allMatch(s -> s.rulesVersion.equals(RuleSet.EMPTY.version()));
      assertThat(decisions().keySet()).isEqualTo(traffic.sent.keySet());
      Map<String, Long> expected = new HashMap<>();
      expected.put("acme traces processed", (long) traffic.spans);
      if (traffic.malformed > 0) {
        expected.put("acme traces deadlettered malformed", (long) traffic.malformed);
      }
      assertThat(counts.items()).isEqualTo(expected);
      assertThat(deadLetters()).hasSize(traffic.malformed).allMatch("malformed"::equals);
      assertLedgerIsExact();
    }
  }

  @Test
  void killsAndRebalances_splitNothing_loseNothing_doubleNothing() throws Exception {
    RuleSet before = rules.from(0, TestRuleSets.traces(ERRORS_AND_A_SHARE.formatted("2s", "0.2")));
    SplittableRandom random = new SplittableRandom();
    TestMember a = member("a");
    TestMember b = member("b");
    a.start();
    int kills = 0;
    RuleSet after;
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      for (int round = 0; round < 40; round++) {
        traffic.round(20);
        pause(random.nextInt(60));
        if (round % 3 == 2) {
          a.kill();
          a.start();
          kills++;
        }
      }
      after =
          rules.from(
              System.currentTimeMillis() + 500,
              TestRuleSets.traces(ERRORS_AND_A_SHARE.formatted("1s", "0.6")));
      b.start();
      for (int round = 0; round < 60; round++) {
        traffic.round(20);
        pause(random.nextInt(100));
        if (round == 30) {
          b.stop();
          b.start();
        } else if (round % 6 == 2) {
          b.kill();
          b.start();
          kills++;
        }
      }
      b.stop();
      awaitAllProcessed();
      a.stop();
      check(traffic, before, after);
      System.out.printf(
          "%d kills, %d traces, %d spans, %d late%n",
          kills,
          traffic.traces(),
          traffic.spans,
          Math.round(metrics.get("musa.sampler.late.spans").counter().count()));
    }
  }

  @Test
  void whatRetentionDeletedFirst_isCountedAsExpired_andTheRestGoesOn() throws Exception {
    TestMember member = member("a");
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      traffic.round(30);
      member.start();
      awaitAllProcessed();
      member.stop();
      traffic.round(30);
    }
    long deleted = deleteAllRaw();
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      member.start();
      traffic.round(30);
      awaitAllProcessed();
      member.stop();
      Set<String> names = new HashSet<>();
      traffic.sent.values().forEach(names::addAll);
      assertThat(processed().stream().map(Sent::name)).containsAll(names);
    }
    assertThat(deleted).isPositive();
    assertThat(counts.items()).containsEntry("traces expired", deleted);
  }

  @Test
  void whatIsDeletedWhileItRuns_isSteppedOver() throws Exception {
    rules.from(0, TestRuleSets.traces(ERRORS_AND_A_SHARE.formatted("8s", "1.0")));
    TestMember member = member("a");
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      member.start();
      // The client fetches a little ahead; it cannot have the last of these yet.
      for (int traces = 30; traces <= 120; traces += 30) {
        traffic.round(30);
        awaitWaiting(member, traces);
      }
      deleteAllRaw();
      traffic.round(60);
      awaitAllProcessed();
      traffic.round(60);
      awaitAllProcessed();
      member.stop();
      assertNothingTwice();
      assertThat(counts.items().getOrDefault("traces expired", 0L)).isPositive();
    }
  }

  @Test
  void theServiceStartsStopsAndGivesWayToASuccessor() throws Exception {
    KafkaConfig kafka = new KafkaConfig(List.of(broker.bootstrap()), Map.of());
    Traces first = service(kafka);
    Traces second = service(kafka);
    try (TraceTraffic traffic = new TraceTraffic(broker.bootstrap(), topics, PARTITIONS)) {
      assertThat(first.health().ready()).isFalse();
      first.start();
      traffic.round(10);
      awaitAllProcessed();
      // The loop tells of its turn after the turn.
      await(() -> first.health().ready());
      // With the same instance: there must be one only.
      second.start();
      traffic.round(10);
      awaitAllProcessed();
      await(() -> isStopped(first) != isStopped(second));
      Traces winner = isStopped(first) ? second : first;
      await(() -> winner.health().ready());
      traffic.round(10);
      awaitAllProcessed();
    } finally {
      long begun = System.nanoTime();
      first.close();
      second.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
    assertNothingTwice();
    assertThat(first.health().detail()).isNotEqualTo("ok");
    assertThat(first.oldestPendingUnixMilli()).isEqualTo(Long.MAX_VALUE);
  }

  private Traces service(KafkaConfig kafka) {
    return new Traces(
        TracesConfig.defaults(),
        kafka,
        topics,
        new Groups(topics.prefix()),
        "same",
        rules,
        new Limits(metrics, 10),
        TestPods.none(),
        counts,
        metrics,
        1 << 20,
        InstantSource.system());
  }

  private static boolean isStopped(Traces traces) {
    return traces.health().detail().startsWith("stopped: ");
  }

  private void assertNothingTwice() {
    assertThat(processed().stream().map(Sent::name)).doesNotHaveDuplicates();
  }

  private static void awaitWaiting(TestMember member, int traces) throws Exception {
    await(() -> member.status().waitingTraces() >= traces);
  }

  private static void await(BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(deadline);
      pause(20);
    }
  }

  private void check(TraceTraffic traffic, RuleSet before, RuleSet after) {
    Map<TraceTraffic.TraceId, List<Sent>> out = new HashMap<>();
    processed().forEach(s -> out.computeIfAbsent(s.trace, _ -> new ArrayList<>()).add(s));
    Map<TraceTraffic.TraceId, List<String>> decisions = decisions();
    Map<TraceTraffic.TraceId, String> versions = firstVersions();
    assertThat(versions.values()).contains(before.version(), after.version());
    assertThat(decisions.keySet()).isEqualTo(traffic.sent.keySet());
    long kept = 0;
    for (Map.Entry<TraceTraffic.TraceId, List<String>> trace : traffic.sent.entrySet()) {
      TraceTraffic.TraceId id = trace.getKey();
      String version = versions.get(id);
      boolean keep = traffic.isKept(id, version.equals(before.version()) ? 0.2 : 0.6);
      assertThat(decisions.get(id)).as("decisions on %s", id).containsExactly(keep + " " + version);
      List<Sent> spans = out.getOrDefault(id, List.of());
      assertThat(spans.stream().map(Sent::name))
          .as("spans of %s", id)
          .containsExactlyInAnyOrderElementsOf(keep ? trace.getValue() : List.of());
      assertThat(spans).allMatch(s -> s.rulesVersion.equals(version));
      kept += spans.size();
    }
    assertThat(kept).isPositive();
    assertThat(deadLetters()).hasSize(traffic.malformed);
    assertLedgerIsExact();
  }

  /** It has every raw record once, and says of every item what became of it. */
  private void assertLedgerIsExact() {
    Map<Account, AccountTotals> accounts = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : readAll(topics.ledger())) {
      Entry entry = LedgerCodec.readEntry(record.value());
      accounts.computeIfAbsent(entry.account(), AccountTotals::new).add(entry, record.timestamp());
    }
    List<ConsumerRecord<byte[], byte[]>> raw = readAll(topics.raw(Signal.TRACES));
    long items = raw.stream().mapToLong(r -> RecordHeaders.read(r.headers()).items()).sum();
    assertThat(accounts.values())
        .allMatch(a -> a.missing() == 0 && a.withoutRecord() == 0 && a.firstOffset() == 0);
    assertThat(accounts.values().stream().mapToLong(AccountTotals::records).sum())
        .isEqualTo(raw.size());
    assertThat(items(accounts.values(), AccountTotals::taken)).isEqualTo(items);
    assertThat(items(accounts.values(), AccountTotals::outcomes)).isEqualTo(items);
  }

  private static long items(
      Collection<AccountTotals> accounts, Function<AccountTotals, List<Line>> lines) {
    return accounts.stream().flatMap(a -> lines.apply(a).stream()).mapToLong(Line::items).sum();
  }

  private TestMember member(String name) {
    return new TestMember(broker.bootstrap(), topics, name, rules, counts, metrics);
  }

  /** Until the group stands at the end of the raw topic. */
  private void awaitAllProcessed() throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (Admin admin = broker.admin();
        KafkaConsumer<byte[], byte[]> ends = reader()) {
      List<TopicPartition> raw = partitions(topics.raw(Signal.TRACES));
      ends.assign(raw);
      while (System.nanoTime() < deadline) {
        Map<TopicPartition, Long> end = ends.endOffsets(raw);
        var committed =
            admin
                .listConsumerGroupOffsets(new Groups(topics.prefix()).traces())
                .partitionsToOffsetAndMetadata()
                .get();
        if (end.entrySet().stream()
            .allMatch(e ->
                e.getValue() == 0
                    || (committed.get(e.getKey()) != null
                        && committed.get(e.getKey()).offset() >= e.getValue()))) {
          return;
        }
        pause(100);
      }
    }
    throw new AssertionError("not all processed within " + LIMIT);
  }

  private long deleteAllRaw() throws Exception {
    try (Admin admin = broker.admin();
        KafkaConsumer<byte[], byte[]> reader = reader()) {
      List<TopicPartition> raw = partitions(topics.raw(Signal.TRACES));
      reader.assign(raw);
      Map<TopicPartition, RecordsToDelete> deletes = new HashMap<>();
      var committed =
          admin
              .listConsumerGroupOffsets(new Groups(topics.prefix()).traces())
              .partitionsToOffsetAndMetadata()
              .get();
      long deleted = 0;
      for (Map.Entry<TopicPartition, Long> end : reader.endOffsets(raw).entrySet()) {
        deletes.put(end.getKey(), RecordsToDelete.beforeOffset(end.getValue()));
        deleted += end.getValue() - committed.get(end.getKey()).offset();
      }
      admin.deleteRecords(deletes).all().get();
      return deleted;
    }
  }

  private record Sent(TraceTraffic.TraceId trace, String name, String rulesVersion) {}

  private List<Sent> processed() {
    List<Sent> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : readAll(topics.processed(Signal.TRACES))) {
      RecordHeaders headers = RecordHeaders.read(record.headers());
      List<Span> spans = Spans.parse(record.value());
      assertThat(headers.items()).isEqualTo(spans.size());
      spans.forEach(s -> all.add(new Sent(id(s), s.getName(), headers.rulesVersion())));
    }
    return all;
  }

  private Map<TraceTraffic.TraceId, List<String>> decisions() {
    Map<TraceTraffic.TraceId, List<String>> all = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : readAll(topics.decisions())) {
      DecisionBatch batch = DecisionBatch.parse(record.value());
      for (int i = 0; i < batch.size(); i++) {
        all.computeIfAbsent(
                new TraceTraffic.TraceId(batch.traceIdHigh(i), batch.traceIdLow(i)),
                _ -> new ArrayList<>())
            .add(batch.outcome(i).kept() + " " + batch.outcome(i).rulesVersion());
      }
    }
    return all;
  }

  /** By the raw topic: the version in force at the first record of each trace. */
  private Map<TraceTraffic.TraceId, String> firstVersions() {
    Map<TraceTraffic.TraceId, String> all = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : readAll(topics.raw(Signal.TRACES))) {
      if (record.value().length > 3) {
        String version = rules.at(record.timestamp()).version();
        Spans.parse(record.value()).forEach(span -> all.putIfAbsent(id(span), version));
      }
    }
    return all;
  }

  private List<String> deadLetters() {
    return readAll(topics.deadLetter()).stream()
        .map(r -> new String(r.headers().lastHeader(DeadLetterHeaders.REASON).value(), UTF_8))
        .toList();
  }

  private static TraceTraffic.TraceId id(Span span) {
    ByteBuffer id = span.getTraceId().asReadOnlyByteBuffer();
    return new TraceTraffic.TraceId(id.getLong(), id.getLong());
  }

  private List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = reader()) {
      List<TopicPartition> partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  private static KafkaConsumer<byte[], byte[]> reader() {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", broker.bootstrap(), "isolation.level", "read_committed"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  /** Between a test's steps; what it waits for it asks for. */
  private static void pause(int millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
  }
}
