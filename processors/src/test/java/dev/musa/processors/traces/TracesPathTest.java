package dev.musa.processors.traces;

import static dev.musa.processors.enrich.PodFixtures.pod;
import static dev.musa.processors.traces.Spans.attribute;
import static dev.musa.processors.traces.Spans.error;
import static dev.musa.processors.traces.Spans.names;
import static dev.musa.processors.traces.Spans.record;
import static dev.musa.processors.traces.Spans.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.processors.RecordedCounts;
import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.sampling.SamplerLimits;
import dev.musa.processors.sampling.UndecidedTraceException;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.decisions.DecisionBatch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TracesPathTest {
  private static final String SAMPLE_ERRORS =
      """
      - name: no-health
        when: name == "health"
        drop: span
      - name: tail
        sample:
          decide: {after: 10s}
          policies:
            - {name: unwanted, drop: {anySpan: name == "unwanted"}}
            - {name: errors, keep: {anySpan: status.code == ERROR}}
            - {name: slow, keep: {longerThan: 500ms}}
      - name: no-debug
        when: name == "debug"
        drop: span
      """;

  private final TestRuleSets rules = new TestRuleSets();
  private final RecordedCounts counts = new RecordedCounts();
  private final Output output = new Output();
  private final List<DecisionBatch> decisions = new ArrayList<>();
  private final TracePrograms programs =
      new TracePrograms(rules, new Limits(new SimpleMeterRegistry(), 10));
  private final TestPods pods = new TestPods();
  private final TracesPath path =
      new TracesPath(programs, new SecondPass(programs, output, enricher(), 1 << 20), enricher());
  private final PartitionTraces partition =
      new PartitionTraces(
          new TopicPartition("raw", 3),
          0,
          0,
          new SamplerLimits(600_000, 1000, 1000),
          new SplittableRandom(1),
          (_, _, batch) -> decisions.add(DecisionBatch.parse(batch)));
  private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

  @Test
  void withoutRulesEverythingIsKept_withoutWaitingAndUnchanged() {
    byte[] value = record(span(1, 1, "a"), span(1, 2, "b"));
    append(1000, value);
    readAndForward(1000);
    assertThat(output.processed).hasSize(1);
    assertThat(output.processed.getFirst().value).isSameAs(value);
    assertThat(output.processed.getFirst().headers)
        .isEqualTo(new RecordHeaders("acme", "east", 2, 7, null, RuleSet.EMPTY.version()));
    assertCounts(Map.of("acme traces processed", 2L));
  }

  @Test
  void recordWithASpanOfATraceThatWasSampledOut_isNotTakenForWhole() {
    rules.from(0, TestRuleSets.traces(SAMPLE_ERRORS));
    append(1000, record(span(1, 2, "b"), error(1, 1, "a")));
    append(11_500, record(error(9, 9, "x")));
    readAndForward(11_500);
    assertThat(output.names()).isEqualTo(List.of(List.of("a")));
    rules.from(12_000, RuleSet.EMPTY);
    append(12_500, record(span(1, 2, "late"), span(1, 7, "new")));
    append(12_600, record(span(1, 1, "late, of the rules before"), span(1, 7, "new too")));
    append(12_700, record(span(1, 7, "whole")));
    append(30_000, record(span(8, 8, "last")));
    readAndForward(30_000);
    assertThat(output.names())
        .isEqualTo(
            List.of(
                List.of("a"),
                List.of("x"),
                List.of("new"),
                List.of("late, of the rules before"),
                List.of("new too"),
                List.of("whole"),
                List.of("last")));
    assertCounts(Map.of("acme traces processed", 7L, "acme traces sampled_out no policy", 2L));
  }

  @Test
  void spansAreJoinedToTheirPods_beforeAPolicyLooksAtThem() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", 1));
    rules.from(
        0,
        TestRuleSets.traces(
            """
              - name: tail
                sample:
                  decide: {after: 10s}
                  policies:
                    - {name: cart, keep: {anySpan: 'resource["k8s.deployment.name"] == "cart"'}}
            """));
    append(1000, fromPod("u1", span(1, 1, "a")));
    append(1000, fromPod("new", span(1, 2, "b")));
    append(30_000, record(span(9, 9, "x")));
    readAndForward(30_000);

    assertThat(output.names()).isEqualTo(List.of(List.of("a")));
    assertThat(resourceNames(output.processed.getFirst().value))
        .contains("k8s.pod.uid", "k8s.pod.name", "service.version");
    output.work.committed();
    assertThat(counts.unenriched()).isEmpty();
  }

  @Test
  void withoutSampling_wholeRecordsAreJoined_andWhatHasNoPodIsCounted() {
    pods.put(pod("u1", "cart-1", "10.0.0.1", 1));
    rules.from(0, RuleSet.EMPTY);
    append(1000, fromPod("u1", span(1, 1, "a")));
    append(1000, fromPod("new", span(1, 2, "b")));
    readAndForward(1000);

    assertThat(output.names()).isEqualTo(List.of(List.of("a"), List.of("b")));
    assertThat(resourceNames(output.processed.getFirst().value)).contains("k8s.pod.name");
    assertThat(resourceNames(output.processed.get(1).value)).doesNotContain("k8s.pod.name");
    output.work.committed();
    assertThat(counts.unenriched()).isEqualTo(Map.of("traces unknown", 1L));
  }

  private static byte[] fromPod(String uid, Span.Builder... spans) {
    try {
      TracesData.Builder data = TracesData.parseFrom(record(spans)).toBuilder();
      data.getResourceSpansBuilder(0)
          .getResourceBuilder()
          .addAttributes(Spans.attribute("k8s.pod.uid", uid));
      return data.build().toByteArray();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> resourceNames(byte[] record) {
    try {
      return TracesData.parseFrom(record)
          .getResourceSpans(0)
          .getResource()
          .getAttributesList()
          .stream()
          .map(KeyValue::getKey)
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keptTracesLeaveWhole_theOthersAreCountedByPolicyAndStep() {
    RuleSet set = rules.from(0, TestRuleSets.traces(SAMPLE_ERRORS));
    append(1000, record(span(1, 1, "a"), span(1, 2, "b"), span(1, 3, "c"), span(1, 2, "health")));
    append(
        2000,
        record(
            error(1, 1, "failed"),
            span(1, 1, "health"),
            span(1, 1, "debug"),
            error(1, 3, "unwanted"),
            error(1, 4, "health")));
    append(11_000, record(span(1, 1, "late"), span(1, 2, "late")));
    readAndForward(11_000);
    assertThat(output.names()).isEqualTo(List.of(List.of("a")));
    append(30_000, record(span(9, 9, "x")));
    readAndForward(30_000);
    assertThat(output.names()).isEqualTo(List.of(List.of("a"), List.of("failed"), List.of("late")));
    assertThat(output.processed)
        .allSatisfy(p -> assertThat(p.headers.rulesVersion()).isEqualTo(set.version()));
    assertThat(partition.sampler().lateSpans()).isEqualTo(2);
    assertCounts(
        Map.of(
            "acme traces processed", 3L,
            "acme traces dropped no-health", 3L,
            "acme traces dropped no-debug", 1L,
            "acme traces sampled_out no policy", 2L,
            "acme traces sampled_out unwanted", 2L));
  }

  @Test
  void decisionsTellWhatWasSeen() {
    rules.from(0, TestRuleSets.traces(SAMPLE_ERRORS));
    append(1000, record(error(1, 1, "a"), span(1, 1, "b"), span(1, 1, "health"), span(5, 2, "c")));
    append(12_000, record(span(9, 9, "x")));
    readAndForward(12_000);
    partition.writeDecisions();
    DecisionBatch batch = decisions.getFirst();
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.readTo()).isEqualTo(2);
    assertThat(batch.decidedAtUnixMilli()).isEqualTo(12_000);
    assertThat(batch.traceIdLow(0)).isEqualTo(1);
    assertThat(batch.outcome(0).kept()).isTrue();
    assertThat(batch.outcome(0).policy()).isEqualTo("errors");
    assertThat(batch.spans(0)).isEqualTo(2);
    assertThat(batch.durationMicros(0)).isEqualTo(1000);
    assertThat(batch.conditions(0)).isEqualTo(0b10);
    assertThat(batch.traceIdHigh(1)).isEqualTo(5);
    assertThat(batch.outcome(1).kept()).isFalse();
    assertThat(batch.outcome(1).policy()).isEmpty();
  }

  @Test
  void aTraceStaysUnderTheRulesOfItsFirstRecord_eachVersionInARecordOfItsOwn() {
    RuleSet before = rules.from(0, TestRuleSets.traces(SAMPLE_ERRORS));
    RuleSet after =
        rules.from(
            5000,
            TestRuleSets.traces(
                """
                - name: only-a
                  when: name == "b"
                  drop: span
                """));
    append(1000, record(error(1, 1, "first")));
    append(6000, record(span(1, 1, "b"), span(1, 2, "b"), span(1, 2, "a"), span(1, 1, "health")));
    append(20_000, record(span(9, 9, "x")));
    readAndForward(20_000);
    assertThat(output.names())
        .isEqualTo(List.of(List.of("first"), List.of("b"), List.of("a"), List.of("x")));
    assertThat(output.processed.stream().map(p -> p.headers.rulesVersion()))
        .containsExactly(before.version(), before.version(), after.version(), after.version());
    assertCounts(
        Map.of(
            "acme traces processed", 4L,
            "acme traces dropped only-a", 1L,
            "acme traces dropped no-health", 1L));
  }

  @Test
  void malformedRecords_goToTheDeadLettersWhole_andHarmNobody() {
    rules.from(0, TestRuleSets.traces(SAMPLE_ERRORS));
    byte[] whole = record(error(1, 1, "a"), error(1, 2, "b"), error(1, 3, "c"));
    byte[] cut = Arrays.copyOf(whole, whole.length - 3);
    append(1000, cut);
    append(1001, new byte[] {(byte) 0xff});
    append(1002, null);
    append(1003, record(error(1, 2, "good")));
    append(20_000, record(span(9, 9, "x")));
    readAndForward(20_000);
    assertThat(output.names()).isEqualTo(List.of(List.of("good")));
    assertThat(output.deadLetters.stream().map(d -> d.why.reason() + "@" + d.why.origin().offset()))
        .containsExactly("malformed@0", "malformed@1", "no_value@2");
    assertThat(output.deadLetters.getFirst().value).isEqualTo(cut);
    assertCounts(
        Map.of(
            "acme traces processed", 1L,
            "acme traces deadlettered malformed", 4L,
            "acme traces deadlettered no_value", 0L));
  }

  @Test
  void aSpanWithoutAUsableTraceId_isTheOnlyOneToGo() {
    append(
        1000,
        record(
            span(1, 1, "a"),
            span(1, 1, "short").setTraceId(ByteString.copyFromUtf8("short")),
            span(1, 2, "b")));
    readAndForward(1000);
    assertThat(output.names()).isEqualTo(List.of(List.of("a", "b")));
    assertThat(output.deadLetters).hasSize(1);
    assertThat(names(output.deadLetters.getFirst().value)).containsExactly("short");
    assertThat(output.deadLetters.getFirst().headers.items()).isOne();
    assertCounts(Map.of("acme traces processed", 2L, "acme traces deadlettered trace_id", 1L));
  }

  @Test
  void badHeaders_goToTheDeadLetters() {
    byte[] value = record(span(1, 1, "a"));
    log.add(new ConsumerRecord<>("raw", 3, 0, null, value));
    readAndForward(1000);
    assertThat(output.processed).isEmpty();
    assertThat(output.deadLetters.getFirst().why.reason()).isEqualTo("bad_headers");
    assertThat(output.deadLetters.getFirst().why.message()).contains("musa.schema.version");
    assertThat(output.deadLetters.getFirst().value).isEqualTo(value);
  }

  @Test
  void hashHoldsForKeptSpans() throws Exception {
    java.nio.file.Path file = java.nio.file.Files.createTempFile("musa", "key");
    java.nio.file.Files.writeString(file, "0123456789abcdef0123456789abcdef");
    rules.from(
        0,
        RuleSet.load(
            Map.of(
                "r.yaml",
                """
                apiVersion: musa.dev/v1
                kind: Rules
                traces:
                  - name: no-tokens
                    hash: ['attributes["user.email"]']
                """),
            dev.musa.rules.HashKey.read(file)));
    append(1000, record(span(1, 1, "a").addAttributes(attribute("user.email", "a@b.c"))));
    readAndForward(1000);
    assertThat(
            Spans.parse(output.processed.getFirst().value)
                .getFirst()
                .getAttributes(0)
                .getValue()
                .getStringValue())
        .matches("[0-9a-f]{64}");
    java.nio.file.Files.delete(file);
  }

  @Test
  void anUndecidedTraceBelowTheWatermarkIsAnError() {
    append(1000, record(span(1, 1, "a")));
    ConsumerRecord<byte[], byte[]> record = log.getFirst();
    partition.sampler().read(0, 1000, programs.at(1000));
    partition.sampler().tick(0, false);
    assertThatThrownBy(() -> path.forward(new Held(record, null), partition))
        .isInstanceOf(UndecidedTraceException.class)
        .hasMessageContaining("00000000000000010000000000000001 at offset 0")
        .hasMessageContaining("watermark is 1");
  }

  private void append(long time, byte @Nullable [] value) {
    int items = 0;
    if (value != null && value.length > 4) {
      try {
        items = Spans.names(value).size();
      } catch (AssertionError _) {
        items = 3;
      }
    } else if (value != null) {
      items = 1;
    }
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            "raw",
            3,
            log.size(),
            time,
            TimestampType.LOG_APPEND_TIME,
            0,
            0,
            null,
            value,
            new org.apache.kafka.common.header.internals.RecordHeaders(),
            Optional.empty());
    new RecordHeaders("acme", "east", items, 7, "10.0.0.1", null).writeTo(record.headers());
    log.add(record);
  }

  private int read;

  private void readAndForward(long now) {
    while (read < log.size()) {
      path.read(log.get(read), partition);
      partition.add(log.get(read));
      read++;
    }
    partition.sampler().tick(now, true);
    for (var held = partition.nextDecided(); held != null; held = partition.nextDecided()) {
      path.forward(held, partition);
    }
  }

  private void assertCounts(Map<String, Long> expected) {
    assertThat(counts.items()).isEmpty();
    output.work.committed();
    assertThat(counts.items()).isEqualTo(expected);
  }

  private Enricher enricher() {
    return new Enricher(pods.index(), InstantSource.system());
  }

  private static final class Processed {
    final RecordHeaders headers;
    final byte[] value;

    Processed(RecordHeaders headers, byte[] value) {
      this.headers = headers;
      this.value = value;
    }
  }

  private static final class DeadLetter {
    final DeadLetterHeaders why;
    final @Nullable RecordHeaders headers;
    final byte @Nullable [] value;

    DeadLetter(DeadLetterHeaders why, @Nullable RecordHeaders headers, byte @Nullable [] value) {
      this.why = why;
      this.headers = headers;
      this.value = value;
    }
  }

  private final class Output implements TraceOutput {
    final List<Processed> processed = new ArrayList<>();
    final List<DeadLetter> deadLetters = new ArrayList<>();
    final UnitOfWork work = new UnitOfWork(counts);

    @Override
    public void processed(
        ConsumerRecord<byte[], byte[]> from, RecordHeaders headers, byte[] spans) {
      assertThat(headers.items()).isEqualTo(Spans.names(spans).size());
      processed.add(new Processed(headers, spans));
    }

    @Override
    public void deadLetter(
        ConsumerRecord<byte[], byte[]> from,
        DeadLetterHeaders why,
        @Nullable RecordHeaders headers,
        byte @Nullable [] value) {
      deadLetters.add(new DeadLetter(why, headers, value));
    }

    @Override
    public UnitOfWork work() {
      return work;
    }

    List<List<String>> names() {
      return processed.stream().map(p -> Spans.names(p.value)).toList();
    }
  }
}
