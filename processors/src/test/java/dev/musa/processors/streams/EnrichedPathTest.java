package dev.musa.processors.streams;

import static dev.musa.processors.Otlp.bodies;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static dev.musa.processors.enrich.PodFixtures.CLUSTER;
import static dev.musa.processors.enrich.PodFixtures.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.PathDriver;
import dev.musa.processors.RecordedCounts;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.logs.LogsPath;
import dev.musa.processors.stages.Limits;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.WaitingHeader;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Line;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The join with pods on the path of logs. */
class EnrichedPathTest {
  private static final long T = 1_700_000_000_000L;
  private static final String AGAIN = "t.logs.waiting.again";

  private final Topics topics = new Topics("t");
  private final RecordedCounts counts = new RecordedCounts();
  private final Transactions transactions = new Transactions(counts);
  private final TestPods pods = new TestPods();
  private long now = T + 50;
  private @TempDir Path directory;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> raw;
  private TestInputTopic<byte[], byte[]> waitingAgain;
  private TestOutputTopic<byte[], byte[]> kept;
  private TestOutputTopic<byte[], byte[]> waiting;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  @Test
  void withoutRules_theWholeRecordIsJoined() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(RuleSet.EMPTY);

    send(from("u1", "a", "b"), 2);

    LogsData out = parseLogs(kept.readValue());
    assertThat(attributes(out.getResourceLogs(0))).contains("k8s.pod.name=cart-1");
    assertThat(bodies(out)).containsExactly("a", "b");
    assertThat(unenriched()).isEmpty();
  }

  @Test
  void rulesSeeWhatWasAdded() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(
        PathDriver.rules(
            """
            logs:
              - name: no-cart
                when: resource["k8s.deployment.name"] == "cart" && severity < INFO
                drop: record
              - name: hide
                hash: ['resource["k8s.pod.name"]']
            """,
            directory));

    send(
        logs(
            resourceLogs(
                Map.of("k8s.pod.uid", "u1"), log(5, "debug", Map.of()), log(9, "info", Map.of()))),
        2);

    LogsData out = parseLogs(kept.readValue());
    assertThat(bodies(out)).containsExactly("info");
    assertThat(attributes(out.getResourceLogs(0)))
        .contains("k8s.deployment.name=cart")
        .doesNotContain("k8s.pod.name=cart-1")
        .anyMatch(each -> each.startsWith("k8s.pod.name="));
  }

  @Test
  void whatIsNotKnownYet_waits_andItsNeighboursGoOn() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(RuleSet.EMPTY);

    send(
        logs(
            resourceLogs(Map.of("k8s.pod.uid", "u1"), log(9, "known", Map.of())),
            resourceLogs(
                Map.of("k8s.pod.uid", "new"), log(9, "1", Map.of()), log(9, "2", Map.of())),
            resourceLogs(Map.of("host.name", "vm"), log(9, "no pod", Map.of()))),
        4);

    assertThat(bodies(parseLogs(kept.readValue()))).containsExactly("known", "no pod");
    TestRecord<byte[], byte[]> held = waiting.readRecord();
    assertThat(bodies(parseLogs(held.value()))).containsExactly("1", "2");
    assertThat(attributes(parseLogs(held.value()).getResourceLogs(0)))
        .containsExactly("k8s.pod.uid=new");
    assertThat(held.timestamp()).isEqualTo(T);
    assertThat(WaitingHeader.read(held.headers())).isEqualTo(now + 2_000);
    assertThat(RecordHeaders.read(held.headers()))
        .isEqualTo(new RecordHeaders("acme", CLUSTER, 2, T, null, null));
    assertLedger("processors t.logs.raw", 4, "processed 2", "waiting 2");
    transactions.current().committed();
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 2L));
    assertThat(counts.unenriched()).isEmpty();
  }

  @Test
  void whatWaits_isJoinedWhenItsPodIsKnown() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(RuleSet.EMPTY);
    send(from("new", "a"), 1);
    now += 2_000;
    again(waiting.readRecord());
    TestRecord<byte[], byte[]> held = waiting.readRecord();
    assertThat(WaitingHeader.read(held.headers())).isEqualTo(now + 2_000);
    transactions.current().committed();

    pods.put(pod("new", "cart-2", "10.0.0.2", T));
    now += 2_000;
    again(held);

    TestRecord<byte[], byte[]> out = kept.readRecord();
    assertThat(attributes(parseLogs(out.value()).getResourceLogs(0)))
        .contains("k8s.pod.name=cart-2");
    assertThat(out.timestamp()).isEqualTo(T);
    assertThat(out.headers().lastHeader(WaitingHeader.UNTIL)).isNull();
    assertThat(RecordHeaders.read(out.headers()).rulesVersion()).isEqualTo("none");
    assertLedger("waiting " + AGAIN, 1, "processed 1");
    transactions.current().committed();
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 1L));
  }

  @Test
  void whatNobodyKnowsInTime_goesOn_andIsCounted() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(RuleSet.EMPTY);
    send(from("never", "a", "b"), 2);
    now = T + 10_000;

    again(waiting.readRecord());

    assertThat(waiting.isEmpty()).isTrue();
    assertThat(bodies(parseLogs(kept.readValue()))).containsExactly("a", "b");
    transactions.current().committed();
    assertThat(counts.unenriched()).containsOnly(entry("logs unknown", 2L));
  }

  @Test
  void whatWaits_takesNothingFromALimit() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(
        PathDriver.rules(
            """
            logs:
              - name: few
                limit: {by: ['resource["k8s.cluster.name"]'], items: 2, per: 1h}
            """,
            directory));
    send(from("new", "late 1", "late 2"), 2);
    TestRecord<byte[], byte[]> held = waiting.readRecord();

    send(from("u1", "1", "2"), 2);
    assertThat(bodies(parseLogs(kept.readValue()))).containsExactly("1", "2");
    pods.put(pod("new", "cart-2", "10.0.0.2", T));
    again(held);

    assertThat(kept.isEmpty()).isTrue();
    transactions.current().committed();
    assertThat(counts.items())
        .containsOnly(entry("acme logs processed", 2L), entry("acme logs limited few", 2L));
  }

  @Test
  void whatOthersWriteToAWaitingTopic_isDeadLettered() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", T - 60_000));
    start(RuleSet.EMPTY);

    waitingAgain.pipeInput(new TestRecord<>(null, new byte[] {1}));

    assertThat(kept.isEmpty()).isTrue();
    DeadLetterHeaders why = DeadLetterHeaders.read(deadLetters.readRecord().headers());
    assertThat(why.origin().topic()).isEqualTo(AGAIN);
    assertThat(why.reason()).isEqualTo("bad_headers");
  }

  private void start(RuleSet rules) {
    PathParts parts =
        new PathParts(
            topics,
            _ -> rules,
            new Limits(new SimpleMeterRegistry(), 10),
            transactions,
            pods.index(),
            () -> Instant.ofEpochMilli(now),
            1 << 20);
    Topology topology = new Topology();
    LogsPath.addTo(topology, parts);
    // From a topic of its own: the driver would hand over at once what is written to a source.
    dev.musa.processors.streams.Path.ofWaiting(Signal.LOGS, topology, parts)
        .read(AGAIN)
        .apply(set -> set.logs().steps())
        .write(topics.processed(Signal.LOGS))
        .deadLetter(topics.deadLetter())
        .hold(topics.waiting(Signal.LOGS));
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "application.id", "app",
            "bootstrap.servers", "none:1",
            "state.dir", directory.toString()));
    driver = new TopologyTestDriver(topology, properties);
    ByteArraySerializer out = new ByteArraySerializer();
    ByteArrayDeserializer in = new ByteArrayDeserializer();
    raw = driver.createInputTopic(topics.raw(Signal.LOGS), out, out);
    waitingAgain = driver.createInputTopic(AGAIN, out, out);
    kept = driver.createOutputTopic(topics.processed(Signal.LOGS), in, in);
    deadLetters = driver.createOutputTopic(topics.deadLetter(), in, in);
    waiting = driver.createOutputTopic(topics.waiting(Signal.LOGS), in, in);
  }

  private static LogsData from(String uid, String... texts) {
    ResourceLogs.Builder resource = resourceLogs(Map.of("k8s.pod.uid", uid)).toBuilder();
    for (String text : texts) {
      resource.getScopeLogsBuilder(0).addLogRecords(log(9, text, Map.of()));
    }
    return logs(resource.build());
  }

  private void send(LogsData logs, int items) {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders("acme", CLUSTER, items, T, null, null).writeTo(headers);
    raw.pipeInput(new TestRecord<>(null, logs.toByteArray(), headers, T));
  }

  private void again(TestRecord<byte[], byte[]> held) {
    waitingAgain.pipeInput(held);
  }

  private void assertLedger(String account, long taken, String... outcomes) {
    List<Entry> entries =
        transactions
            .current()
            .takeEntries(
                Map.of(
                    new TopicPartition(topics.raw(Signal.LOGS), 0), new OffsetAndMetadata(1),
                    new TopicPartition(AGAIN, 0), new OffsetAndMetadata(9)));
    assertThat(entries)
        .filteredOn(each -> account.equals(each.account().stage() + " " + each.account().topic()))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.taken().stream().mapToLong(Line::items).sum()).isEqualTo(taken);
          assertThat(entry.outcomes())
              .extracting(line -> line.outcome() + " " + line.items())
              .containsExactlyInAnyOrder(outcomes);
        });
  }

  private Map<String, Long> unenriched() {
    transactions.current().committed();
    return counts.unenriched();
  }

  private static List<String> attributes(ResourceLogs logs) {
    return logs.getResource().getAttributesList().stream()
        .map(EnrichedPathTest::attribute)
        .toList();
  }

  private static String attribute(KeyValue each) {
    return each.getKey() + "=" + each.getValue().getStringValue();
  }
}
