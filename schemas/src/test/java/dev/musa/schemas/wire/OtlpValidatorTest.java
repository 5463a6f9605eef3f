package dev.musa.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OtlpValidatorTest {
  private static final ByteString TRACE_ID =
      ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
  private static final ByteString SPAN_ID = TRACE_ID.substring(0, 8);
  private static final Span GOOD_SPAN =
      Span.newBuilder().setTraceId(TRACE_ID).setSpanId(SPAN_ID).setName("good").build();

  static Stream<Arguments> spans() {
    return Stream.of(
        Arguments.of(null, GOOD_SPAN),
        Arguments.of(Refusal.TRACE_ID, GOOD_SPAN.toBuilder().clearTraceId().build()),
        Arguments.of(Refusal.TRACE_ID, GOOD_SPAN.toBuilder().setTraceId(SPAN_ID).build()),
        Arguments.of(
            Refusal.TRACE_ID,
            GOOD_SPAN.toBuilder().setTraceId(ByteString.copyFrom(new byte[16])).build()),
        Arguments.of(Refusal.SPAN_ID, GOOD_SPAN.toBuilder().clearSpanId().build()),
        Arguments.of(
            Refusal.SPAN_ID,
            GOOD_SPAN.toBuilder().setSpanId(ByteString.copyFrom(new byte[8])).build()),
        Arguments.of(
            Refusal.PARENT_SPAN_ID, GOOD_SPAN.toBuilder().setParentSpanId(TRACE_ID).build()),
        Arguments.of(
            Refusal.LINKED_ID,
            GOOD_SPAN.toBuilder().addLinks(Span.Link.newBuilder().setTraceId(SPAN_ID)).build()),
        Arguments.of(
            null, GOOD_SPAN.toBuilder().addAttributes(attribute("ようこそ", "welcome")).build()),
        Arguments.of(
            Refusal.ATTRIBUTE_KEY, GOOD_SPAN.toBuilder().addAttributes(attribute("", "v")).build()),
        Arguments.of(
            Refusal.NESTING,
            GOOD_SPAN.toBuilder()
                .addAttributes(KeyValue.newBuilder().setKey("k").setValue(nested(60)))
                .build()),
        Arguments.of(
            null,
            GOOD_SPAN.toBuilder()
                .addAttributes(KeyValue.newBuilder().setKey("k").setValue(nested(30)))
                .build()),
        Arguments.of(Refusal.ITEM_SIZE, GOOD_SPAN.toBuilder().setName("x".repeat(20_000)).build()));
  }

  @ParameterizedTest
  @MethodSource("spans")
  void check_ofASpan_namesTheReason(Refusal expected, Span span) {
    TracesData request =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build();
    assertThat(check(Signal.TRACES, request.toByteArray())).isEqualTo(expected);
  }

  @Test
  void check_ofAKeyWithoutLetters_isRefusedForLogs() {
    LogsData request =
        LogsData.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(Resource.newBuilder().addAttributes(attribute("ようこそ", "v")))
                    .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(LogRecord.newBuilder())))
            .build();
    assertThat(check(Signal.LOGS, request.toByteArray())).isEqualTo(Refusal.ATTRIBUTE_KEY);
  }

  @Test
  void check_ofAnEmptyKeyInsideAValue_isAccepted() {
    AnyValue map =
        AnyValue.newBuilder()
            .setKvlistValue(KeyValueList.newBuilder().addValues(attribute("", "v")))
            .build();
    Span span =
        GOOD_SPAN.toBuilder()
            .addAttributes(KeyValue.newBuilder().setKey("map").setValue(map))
            .build();
    TracesData request =
        TracesData.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(
                        Resource.newBuilder()
                            .addAttributes(KeyValue.newBuilder().setKey("map").setValue(map)))
                    .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
            .build();
    assertThat(check(Signal.TRACES, request.toByteArray())).isNull();
  }

  static Stream<Arguments> metrics() {
    Gauge gauge = Gauge.newBuilder().addDataPoints(NumberDataPoint.newBuilder()).build();
    Sum sum = Sum.newBuilder().addDataPoints(NumberDataPoint.newBuilder()).build();
    return Stream.of(
        Arguments.of(null, Metric.newBuilder().setName("m").setGauge(gauge).build()),
        Arguments.of(Refusal.METRIC_NAME, Metric.newBuilder().setGauge(gauge).build()),
        Arguments.of(Refusal.TEMPORALITY, Metric.newBuilder().setName("m").setSum(sum).build()),
        Arguments.of(
            null,
            Metric.newBuilder()
                .setName("m")
                .setSum(
                    sum.toBuilder()
                        .setAggregationTemporality(
                            AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE))
                .build()));
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void check_ofAMetric_namesTheReason(Refusal expected, Metric metric) {
    MetricsData request =
        MetricsData.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
            .build();
    assertThat(check(Signal.METRICS, request.toByteArray())).isEqualTo(expected);
  }

  @Property(tries = 200)
  void check_ofValidRequests_acceptsEveryItem(@ForAll long seed, @ForAll Signal signal) {
    RandomOtlp random = RandomOtlp.valid(seed);
    byte[] bytes = random.encode(random.message(signal));
    OtlpValidator validator = new OtlpValidator(signal, Integer.MAX_VALUE);
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(bytes);
    while (cursor.next()) {
      assertThat(validator.check(cursor)).isNull();
    }
  }

  /**
   * What intake lets pass, every reader with generated classes can parse, however the bytes were
   * damaged.
   */
  @Property(tries = 1500)
  void whatIsAccepted_canBeParsed(@ForAll long seed, @ForAll Signal signal) {
    RandomOtlp otlp = RandomOtlp.any(seed);
    byte[] bytes = otlp.encode(otlp.message(signal));
    damage(bytes, new Random(seed));
    assertThatCode(() -> WireFuzz.walk(signal, bytes)).doesNotThrowAnyException();
  }

  private static void damage(byte[] bytes, Random random) {
    for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
  }

  private static Refusal check(Signal signal, byte[] bytes) {
    OtlpValidator validator = new OtlpValidator(signal, 10_000);
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(Arrays.copyOf(bytes, bytes.length));
    assertThat(cursor.next()).isTrue();
    return validator.check(cursor);
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static AnyValue nested(int depth) {
    AnyValue value = AnyValue.newBuilder().setStringValue("deep").build();
    for (int i = 0; i < depth; i++) {
      value = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(value)).build();
    }
    return value;
  }
}
