package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An analyst reads the topics with a plain consumer and the public classes of OTLP. */
class AnalystIT extends OnEachKafka {
  private static final Duration ARRIVAL = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void everyTopic_canBeReadAndDecoded() throws Exception {
    Installation musa = kafka.install(directory);
    try (MusaProcess _ = musa.run()) {
      Random random = new Random(1);
      ByteString trace = Traces.newTraceId(random);
      Span span = Traces.span(random, trace, "checkout", Duration.ofMillis(3), false);
      assertThat(
              Traces.post(
                  musa.ports(), "traces", Traces.request("shop", List.of(span)).toByteArray()))
          .isEqualTo(200);
      assertThat(Traces.post(musa.ports(), "logs", logs().toByteArray())).isEqualTo(200);
      assertThat(Traces.post(musa.ports(), "metrics", metrics().toByteArray())).isEqualTo(200);

      for (String topic : List.of("traces.raw", "traces")) {
        ConsumerRecord<byte[], byte[]> record = only(musa, topic);
        assertThat(
                TracesData.parseFrom(record.value())
                    .getResourceSpans(0)
                    .getScopeSpans(0)
                    .getSpans(0))
            .isEqualTo(span);
        assertHeaders(record);
      }
      for (String topic : List.of("logs.raw", "logs")) {
        ConsumerRecord<byte[], byte[]> record = only(musa, topic);
        LogRecord log =
            LogsData.parseFrom(record.value()).getResourceLogs(0).getScopeLogs(0).getLogRecords(0);
        assertThat(log.getBody().getStringValue()).isEqualTo("hello");
        // Sent without any time: stamped at intake, or each resend would be a new line.
        assertThat(Duration.ofNanos(log.getObservedTimeUnixNano()).toSeconds())
            .isCloseTo(Instant.now().getEpochSecond(), org.assertj.core.data.Offset.offset(120L));
        assertHeaders(record);
      }
      for (String topic : List.of("metrics.raw", "metrics")) {
        ConsumerRecord<byte[], byte[]> record = only(musa, topic);
        assertThat(MetricsData.parseFrom(record.value())).isEqualTo(metrics());
        assertHeaders(record);
      }
      ConsumerRecord<byte[], byte[]> decision = only(musa, "traces.decisions");
      assertThat(ByteString.copyFrom(decision.value()).toStringUtf8()).isNotEmpty();
      assertThat(contains(decision.value(), trace.toByteArray())).isTrue();
      assertThat(TopicReader.committed(musa, "deadletter")).isEmpty();
    }
  }

  private static void assertHeaders(ConsumerRecord<byte[], byte[]> record) {
    assertThat(record.key()).isNull();
    assertThat(header(record, "musa.tenant")).isEqualTo("default");
    assertThat(header(record, "musa.cluster")).isEqualTo("default");
    assertThat(header(record, "musa.items")).isEqualTo("1");
    assertThat(header(record, "musa.schema.version")).isEqualTo("1");
    assertThat(Long.parseLong(header(record, "musa.intake.time.unix.milli"))).isPositive();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    return new String(record.headers().lastHeader(key).value(), UTF_8);
  }

  private static boolean contains(byte[] bytes, byte[] part) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
        .contains(new String(part, java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  private static ConsumerRecord<byte[], byte[]> only(Installation musa, String topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    Await.until(
        "a record on " + topic,
        ARRIVAL,
        () -> {
          records.clear();
          records.addAll(TopicReader.committed(musa, topic));
          return !records.isEmpty();
        },
        () -> "nothing");
    assertThat(records).as(topic).hasSize(1);
    return records.getFirst();
  }

  private static LogsData logs() {
    return LogsData.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(
                    ScopeLogs.newBuilder()
                        .addLogRecords(
                            LogRecord.newBuilder()
                                .setBody(Traces.attribute("", "hello").getValue()))))
        .build();
  }

  private static MetricsData metrics() {
    return MetricsData.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder()
                                .setName("temperature")
                                .setGauge(
                                    Gauge.newBuilder()
                                        .addDataPoints(
                                            NumberDataPoint.newBuilder()
                                                .setTimeUnixNano(1_000_000_000L)
                                                .setAsDouble(21.5))))))
        .build();
  }
}
