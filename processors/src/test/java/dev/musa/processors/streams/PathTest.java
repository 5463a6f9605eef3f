package dev.musa.processors.streams;

import static dev.musa.processors.Otlp.bodies;
import static dev.musa.processors.Otlp.log;
import static dev.musa.processors.Otlp.logs;
import static dev.musa.processors.Otlp.parseLogs;
import static dev.musa.processors.Otlp.resourceLogs;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.RecordedCounts;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.rules.Condition;
import dev.musa.rules.Drop;
import dev.musa.rules.Limit;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
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

class PathTest {
  private static final Condition DEBUG = at -> at.logRecord().severityNumber() < 9;

  private final Topics topics = new Topics("t");
  private final RecordedCounts counts = new RecordedCounts();
  private final Transactions transactions = new Transactions(counts);
  private final Limits limits = new Limits(new SimpleMeterRegistry(), 10);
  private @TempDir Path stateDir;
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> raw;
  private TestOutputTopic<byte[], byte[]> kept;
  private TestOutputTopic<byte[], byte[]> deadLetters;

  @AfterEach
  void close() {
    if (driver != null) {
      driver.close();
    }
  }

  @Test
  void noRules_passesEvenUnreadableBytesUntouched() {
    start(1 << 20);
    byte[] anything = "not OTLP at all".getBytes(UTF_8);

    raw.pipeInput(record(anything, headers(7)));

    TestRecord<byte[], byte[]> out = kept.readRecord();
    assertThat(out.value()).isEqualTo(anything);
    assertThat(out.key()).isNull();
    assertThat(out.timestamp()).isEqualTo(1_234);
    assertThat(RecordHeaders.read(out.headers()))
        .isEqualTo(new RecordHeaders("acme", "east", 7, 99, null, RuleSet.EMPTY.version()));
    transactions.current().committed();
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 7L));
    assertThat(counts.bytes()).containsOnly(entry("acme logs processed", 15L));
  }

  @Test
  void rules_writeWhatTheyLeave() {
    start(1 << 20, new Drop("no-debug", DEBUG));

    raw.pipeInput(
        record(
            logs(resourceLogs(Map.of(), log(5, "debug", Map.of()), log(9, "info", Map.of())))
                .toByteArray(),
            headers(2)));

    TestRecord<byte[], byte[]> out = kept.readRecord();
    assertThat(bodies(parseLogs(out.value()))).containsExactly("info");
    assertThat(RecordHeaders.read(out.headers()).items()).isEqualTo(1);
    transactions.current().committed();
    assertThat(counts.items())
        .containsOnly(entry("acme logs dropped no-debug", 1L), entry("acme logs processed", 1L));
  }

  @Test
  void rules_dropAll_nothingIsWritten() {
    start(1 << 20, new Drop("no-debug", DEBUG));

    raw.pipeInput(
        record(logs(resourceLogs(Map.of(), log(5, "debug", Map.of()))).toByteArray(), headers(1)));

    assertThat(kept.isEmpty()).isTrue();
    assertThat(deadLetters.isEmpty()).isTrue();
    transactions.current().committed();
    assertThat(counts.items()).containsOnly(entry("acme logs dropped no-debug", 1L));
  }

  @Test
  void malformedRecord_goesWholeToTheDeadLettersAndTheNextGoesOn() {
    start(1 << 20, new Drop("no-debug", DEBUG));
    byte[] good = logs(resourceLogs(Map.of(), log(9, "info", Map.of()))).toByteArray();
    byte[] cut = Arrays.copyOf(good, good.length - 1);

    raw.pipeInput(record(cut, headers(3)));
    raw.pipeInput(record(good, headers(1)));

    TestRecord<byte[], byte[]> dead = deadLetters.readRecord();
    assertThat(dead.value()).isEqualTo(cut);
    assertThat(RecordHeaders.read(dead.headers()).tenant()).isEqualTo("acme");
    DeadLetterHeaders why = DeadLetterHeaders.read(dead.headers());
    assertThat(why.origin()).isEqualTo(new DeadLetterHeaders.Origin("t.logs.raw", 0, 0));
    assertThat(why.stage()).isEqualTo("processors");
    assertThat(why.reason()).isEqualTo("malformed");
    assertThat(why.message()).isNotBlank();
    assertThat(kept.readRecord().value()).isEqualTo(good);
    transactions.current().committed();
    assertThat(counts.items())
        .containsOnly(
            entry("acme logs deadlettered malformed", 3L), entry("acme logs processed", 1L));
  }

  @Test
  void recordWithoutHeaders_isADeadLetterThatNamesTheHeader() {
    start(1 << 20);

    raw.pipeInput(new TestRecord<>(null, new byte[] {1}));

    assertThat(kept.isEmpty()).isTrue();
    DeadLetterHeaders why = DeadLetterHeaders.read(deadLetters.readRecord().headers());
    assertThat(why.reason()).isEqualTo("bad_headers");
    assertThat(why.message()).contains("musa.schema.version");
  }

  @Test
  void recordWithoutValue_isADeadLetter() {
    start(1 << 20);

    raw.pipeInput(record(null, headers(1)));

    assertThat(kept.isEmpty()).isTrue();
    assertThat(DeadLetterHeaders.read(deadLetters.readRecord().headers()).reason())
        .isEqualTo("no_value");
  }

  @Test
  void largerThanARecordMayBe_isDividedAndCountedOnce() {
    byte[] value =
        logs(resourceLogs(
                Map.of(), log(9, "a".repeat(300), Map.of()), log(9, "b".repeat(300), Map.of())))
            .toByteArray();
    start(500, new Drop("no-debug", DEBUG));

    raw.pipeInput(record(value, headers(2)));

    List<TestRecord<byte[], byte[]>> out = kept.readRecordsToList();
    assertThat(out).hasSize(2);
    assertThat(out)
        .allSatisfy(part -> assertThat(RecordHeaders.read(part.headers()).items()).isOne());
    transactions.current().committed();
    assertThat(counts.items()).containsOnly(entry("acme logs processed", 2L));
  }

  @Test
  void limit_refillsByRecordTime() {
    start(
        1 << 20,
        new Limit(
            "some",
            Condition.ALWAYS,
            (_, out) -> out.appendAbsent(),
            1,
            Duration.ofSeconds(1),
            1,
            Condition.NEVER));
    byte[] one = logs(resourceLogs(Map.of(), log(9, "x", Map.of()))).toByteArray();

    for (long time : new long[] {10_000, 10_500, 11_000, 10_900}) {
      raw.pipeInput(new TestRecord<>(null, one, headers(1), time));
    }

    assertThat(kept.readRecordsToList())
        .extracting(TestRecord::timestamp)
        .containsExactly(10_000L, 11_000L);
  }

  @Test
  void everyPartOfTheTopologyHasAFixedName() {
    assertThat(topology(1 << 20).describe().toString())
        .contains("Source: logs-read (topics: [t.logs.raw])")
        .contains("Processor: logs-apply (stores: [logs-identity])")
        .contains("Sink: logs-write (topic: t.logs)")
        .contains("Sink: logs-deadletter (topic: t.deadletter)");
  }

  @Test
  void sink_writesToTheInputsPartition() {
    assertThat(dev.musa.processors.streams.Path.SAME_PARTITION.partitions("t", 5, new byte[0], 8))
        .isEqualTo(Optional.of(Set.of(5)));
  }

  private Topology topology(int maxRecordBytes, Step... steps) {
    Topology topology = new Topology();
    PathParts parts =
        new PathParts(
            topics,
            _ -> RuleSet.EMPTY,
            limits,
            transactions,
            TestPods.none(),
            InstantSource.system(),
            maxRecordBytes);
    dev.musa.processors.streams.Path.of(Signal.LOGS, topology, parts)
        .read(topics.raw(Signal.LOGS))
        .apply(_ -> List.of(steps))
        .write(topics.processed(Signal.LOGS))
        .deadLetter(topics.deadLetter())
        .hold(topics.waiting(Signal.LOGS));
    return topology;
  }

  private void start(int maxRecordBytes, Step... steps) {
    Properties properties =
        new StreamsSettings("app", "0", stateDir, 1, Duration.ofMillis(100), maxRecordBytes)
            .properties(Map.of("bootstrap.servers", "none:1"));
    driver = new TopologyTestDriver(topology(maxRecordBytes, steps), properties);
    raw =
        driver.createInputTopic(
            topics.raw(Signal.LOGS), new ByteArraySerializer(), new ByteArraySerializer());
    kept = output(topics.processed(Signal.LOGS));
    deadLetters = output(topics.deadLetter());
  }

  private TestOutputTopic<byte[], byte[]> output(String topic) {
    return driver.createOutputTopic(
        topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static TestRecord<byte[], byte[]> record(byte[] value, Headers headers) {
    return new TestRecord<>(null, value, headers, 1_234L);
  }

  private static Headers headers(int items) {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders("acme", "east", items, 99, "10.0.0.1", null).writeTo(headers);
    return headers;
  }
}
