package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.google.protobuf.ByteString;
import dev.musa.collector.SplitRequest.Part;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestSplitterTest {
  private static final int PARTITIONS = 8;
  private static final int MAX_RECORD = 16 << 10;
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000, 123_456_789);
  private static final long NOW_NANOS = 1_700_000_000_123_456_789L;

  private static SplitRequest split(Signal signal, byte[] request) {
    return new RequestSplitter(signal, "shop", MAX_RECORD).split(request, PARTITIONS, NOW);
  }

  private static int partition(byte[] key) {
    return Utils.toPositive(Utils.murmur2(key)) % PARTITIONS;
  }

  @Test
  void traces_goByTheirId_asKafkasOwnPartitionerWouldSendThem() throws Exception {
    SplitRequest split = split(Signal.TRACES, Samples.traces(200));

    Set<ByteString> seen = new HashSet<>();
    Set<Integer> partitions = new HashSet<>();
    for (Part part : split.parts()) {
      assertThat(partitions.add(part.partition())).as("one record per partition").isTrue();
      List<Span> spans = spans(part);
      assertThat(spans).hasSize(part.items());
      for (Span span : spans) {
        assertThat(partition(span.getTraceId().toByteArray())).isEqualTo(part.partition());
        assertThat(seen.add(span.getTraceId())).isTrue();
      }
    }
    assertThat(seen).hasSize(200);
    assertThat(partitions).hasSize(PARTITIONS);
  }

  private static List<Span> spans(Part part) throws Exception {
    return TracesData.parseFrom(part.value()).getResourceSpansList().stream()
        .flatMap(resource -> resource.getScopeSpansList().stream())
        .flatMap(scope -> scope.getSpansList().stream())
        .toList();
  }

  @Test
  void logsAndPoints_goByTenantAndResource() {
    Resource resource = Samples.resource("shop");
    byte[] key =
        ByteString.copyFromUtf8("shop\0")
            .concat(ByteString.copyFrom(resource.toByteArray()))
            .toByteArray();

    for (Signal signal : List.of(Signal.LOGS, Signal.METRICS)) {
      byte[] request = Samples.request(signal, 30);
      List<Part> parts = split(signal, request).parts();
      assertThat(parts).hasSize(1);
      assertThat(parts.getFirst().partition()).isEqualTo(partition(key));
      assertThat(parts.getFirst().items()).isEqualTo(30);
      assertThat(parts.getFirst().value()).as("not copied").isSameAs(request);
    }
  }

  @Test
  void resourceLargerThanAnyBefore_isStillPartOfTheKey() {
    RequestSplitter splitter = new RequestSplitter(Signal.LOGS, "shop", MAX_RECORD);
    for (int length : new int[] {1, 5000, 30, 200}) {
      Resource resource = Samples.resource("s".repeat(length));
      byte[] key =
          ByteString.copyFromUtf8("shop\0")
              .concat(ByteString.copyFrom(resource.toByteArray()))
              .toByteArray();
      byte[] request = Samples.logs(logs(Samples.log("x").setTimeUnixNano(1)), resource);

      List<Part> parts = splitter.split(request, PARTITIONS, NOW).parts();

      assertThat(parts.getFirst().partition()).isEqualTo(partition(key));
    }
  }

  @Test
  void logWithoutAnyTime_getsTheTimeOfIntakeAsObservedTime_othersKeepTheirs() throws Exception {
    ScopeLogs.Builder logs =
        logs(Samples.log("none"))
            .addLogRecords(Samples.log("zero").setTimeUnixNano(0).setObservedTimeUnixNano(0))
            .addLogRecords(Samples.log("time").setTimeUnixNano(7))
            .addLogRecords(Samples.log("observed").setObservedTimeUnixNano(8));

    SplitRequest split = split(Signal.LOGS, Samples.logs(logs, Samples.resource("shop")));

    assertThat(split.parts()).hasSize(1);
    List<LogRecord> records =
        LogsData.parseFrom(split.parts().getFirst().value())
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecordsList();
    assertThat(records)
        .extracting(LogRecord::getTimeUnixNano, LogRecord::getObservedTimeUnixNano)
        .containsExactly(tuple(0L, NOW_NANOS), tuple(0L, NOW_NANOS), tuple(7L, 0L), tuple(0L, 8L));
    assertThat(records)
        .extracting(log -> log.getBody().getStringValue())
        .containsExactly("none", "zero", "time", "observed");
  }

  @Test
  void records_areSplitBelowTheirLimit() throws Exception {
    SplitRequest split = split(Signal.LOGS, Samples.logs(3000));

    int items = 0;
    for (Part part : split.parts()) {
      assertThat(part.value().length).isLessThanOrEqualTo(MAX_RECORD);
      assertThat(part.partition()).isEqualTo(split.parts().getFirst().partition());
      assertThat(
              LogsData.parseFrom(part.value())
                  .getResourceLogs(0)
                  .getScopeLogs(0)
                  .getLogRecordsCount())
          .isEqualTo(part.items());
      items += part.items();
    }
    assertThat(items).isEqualTo(3000);
    assertThat(split.parts()).hasSizeBetween(2, 10);
    assertThat(split.rejections().total()).isZero();
  }

  @Test
  void itemThatFitsInNoRecord_isRejected_andItsNeighboursAreNot() {
    ScopeLogs.Builder logs =
        logs(Samples.log("small").setTimeUnixNano(1))
            .addLogRecords(Samples.log("x".repeat(MAX_RECORD)).setTimeUnixNano(1));

    SplitRequest split = split(Signal.LOGS, Samples.logs(logs, Samples.resource("shop")));

    assertThat(split.parts()).extracting(Part::items).containsExactly(1);
    assertThat(split.rejections().message("log records"))
        .isEqualTo("1 log records refused: 1 x item is larger than a Kafka record may be");
  }

  @Test
  void itemThatFitsOnlyWithoutItsResource_isRejected() {
    ScopeLogs.Builder logs = logs(Samples.log("x".repeat(MAX_RECORD / 2)).setTimeUnixNano(1));

    SplitRequest split =
        split(Signal.LOGS, Samples.logs(logs, Samples.resource("s".repeat(MAX_RECORD / 2))));

    assertThat(split.parts()).isEmpty();
    assertThat(split.rejections().total()).isEqualTo(1);
    assertThat(split.rejections().message("log records"))
        .contains("one item with its resource and scope takes", "at most " + MAX_RECORD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"k8s.pod.uid", "k8s.pod.ip", "container.id"})
  void peer_isNeededOnlyWhereAResourceNamesNoPodAndNoContainer(String key) {
    KeyValue identity = Samples.attribute(key, "abc");
    ResourceSpans named = resourceSpans(Samples.resource("shop", identity), 1);
    ResourceSpans unnamed = resourceSpans(Samples.resource("shop"), 2);

    assertThat(split(Signal.TRACES, bytes(named)).needsPeer()).isFalse();
    assertThat(split(Signal.TRACES, bytes(unnamed)).needsPeer()).isTrue();
    assertThat(split(Signal.TRACES, bytes(named, unnamed)).needsPeer()).isTrue();
  }

  @Test
  void splitter_isReusable_andForgetsTheRequestBefore() {
    RequestSplitter splitter = new RequestSplitter(Signal.TRACES, "shop", MAX_RECORD);
    SplitRequest first =
        splitter.split(
            Samples.traces(
                ScopeSpans.newBuilder().addSpans(Samples.span(1).clearSpanId()),
                Samples.resource("shop")),
            PARTITIONS,
            NOW);

    SplitRequest second =
        splitter.split(
            bytes(resourceSpans(Samples.resource("x", Samples.attribute("container.id", "c")), 3)),
            PARTITIONS,
            NOW);

    assertThat(first.rejections().total()).isEqualTo(1);
    assertThat(second.rejections().total()).isZero();
    assertThat(second.needsPeer()).isFalse();
    assertThat(second.parts()).hasSize(1);
  }

  private static ResourceSpans resourceSpans(Resource resource, int trace) {
    return ResourceSpans.newBuilder()
        .setResource(resource)
        .addScopeSpans(ScopeSpans.newBuilder().addSpans(Samples.span(trace)))
        .build();
  }

  private static byte[] bytes(ResourceSpans... resources) {
    return TracesData.newBuilder().addAllResourceSpans(List.of(resources)).build().toByteArray();
  }

  private static ScopeLogs.Builder logs(LogRecord.Builder log) {
    return ScopeLogs.newBuilder().addLogRecords(log);
  }
}
