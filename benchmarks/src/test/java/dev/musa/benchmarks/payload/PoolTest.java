package dev.musa.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.OtlpValidator;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolTest {
  private static final Stamp NOW = Stamp.ofCycle(1, 0, 1_700_000_000_000_000_000L);

  @Test
  void spans_haveThePromisedShape() throws InvalidProtocolBufferException {
    Pool pool = Pool.of(Payload.named("default"), Traffic.TRACES, 1);

    assertThat(pool.bytesPerItem()).isCloseTo(425, within(10.0));
    int errors = 0;
    for (Template template : pool.templates()) {
      assertThat(template.items()).isEqualTo(50);
      List<Span> spans = new ArrayList<>();
      ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(bytes(template));
      assertThat(request.getResourceSpansCount()).isEqualTo(4);
      for (ResourceSpans resource : request.getResourceSpansList()) {
        assertThat(resource.getResource().getAttributesCount()).isEqualTo(12);
        spans.addAll(resource.getScopeSpans(0).getSpansList());
      }
      assertThat(spans).hasSize(50).allMatch(span -> span.getAttributesCount() == 10);
      errors += errors(spans);
      assertThat(template.errors()).isEqualTo(errors(spans));
    }
    double share = errors / (50.0 * pool.templates().size());
    assertThat(share).isBetween(0.005, 0.015);
    assertThat(pool.certainShare()).isBetween(0.05, 0.12);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 32, 100})
  void lengthOfTraces_changesNeitherWhatIsKeptNorTheServices(int spans)
      throws InvalidProtocolBufferException {
    Payload payload = Payload.named("default");
    Pool pool =
        Pool.of(payload.withTraces(payload.traces().withSpansPerTrace(spans)), Traffic.TRACES, 1);

    assertThat(pool.certainShare()).isBetween(0.05, 0.12);
    for (Template template : pool.templates()) {
      assertThat(ExportTraceServiceRequest.parseFrom(bytes(template)).getResourceSpansCount())
          .isEqualTo(4);
    }
  }

  @Test
  void everyTrace_isWhole() throws InvalidProtocolBufferException {
    Map<ByteString, Set<Integer>> requestsOfTrace = new HashMap<>();
    Map<ByteString, Integer> spansOfTrace = new HashMap<>();
    Pool pool = Pool.of(Payload.named("spread"), Traffic.TRACES, 1);
    for (int i = 0; i < pool.templates().size(); i++) {
      for (Span span : spans(pool.templates().get(i))) {
        requestsOfTrace.computeIfAbsent(span.getTraceId(), _ -> new TreeSet<>()).add(i);
        spansOfTrace.merge(span.getTraceId(), 1, Integer::sum);
      }
    }

    assertThat(spansOfTrace.values()).containsOnly(8);
    assertThat(requestsOfTrace.values()).allMatch(requests -> requests.size() == 4);
  }

  @Test
  void logRecords_haveThePromisedShape() throws InvalidProtocolBufferException {
    Pool pool = Pool.of(Payload.named("default"), Traffic.LOGS, 1);

    assertThat(pool.bytesPerItem()).isCloseTo(300, within(10.0));
    var resource =
        ExportLogsServiceRequest.parseFrom(bytes(pool.templates().getFirst())).getResourceLogs(0);
    assertThat(resource.getResource().getAttributesCount()).isEqualTo(12);
    assertThat(resource.getScopeLogs(0).getLogRecordsList())
        .hasSize(100)
        .allMatch(logRecord -> logRecord.getTimeUnixNano() == NOW.timeUnixNano())
        .allMatch(logRecord -> logRecord.getObservedTimeUnixNano() == NOW.timeUnixNano());
  }

  @Test
  void points_haveThePromisedShape() throws InvalidProtocolBufferException {
    Pool pool = Pool.of(Payload.named("default"), Traffic.METRICS, 1);

    List<NumberDataPoint> points = new ArrayList<>();
    for (Metric metric :
        ExportMetricsServiceRequest.parseFrom(bytes(pool.templates().getFirst()))
            .getResourceMetrics(0)
            .getScopeMetrics(0)
            .getMetricsList()) {
      points.addAll(metric.getGauge().getDataPointsList());
      points.addAll(metric.getSum().getDataPointsList());
    }
    assertThat(points)
        .hasSize(200)
        .allMatch(point -> point.getAttributesCount() == 6)
        .allMatch(point -> point.getTimeUnixNano() == NOW.timeUnixNano());
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "spread", "small", "large"})
  void requests_areValid(String payload) {
    Pool pool = Pool.of(Payload.named(payload), Traffic.MIXED, 1);

    for (Template template : pool.templates()) {
      OtlpCursor cursor = new OtlpCursor(template.signal());
      OtlpValidator validator = new OtlpValidator(template.signal(), 1 << 20);
      cursor.reset(bytes(template));
      while (cursor.next()) {
        assertThat(validator.check(cursor)).isNull();
      }
    }
    assertThat(pool.templates()).extracting(Template::signal).contains(Signal.values());
  }

  @Test
  void sizes_areThoseOfTheirNames() {
    Pool small = Pool.of(Payload.named("small"), Traffic.MIXED, 1);
    Pool large = Pool.of(Payload.named("large"), Traffic.MIXED, 1);

    assertThat(small.templates()).allMatch(template -> template.items() == 1);
    assertThat(large.templates())
        .allMatch(template -> template.size() > 1_000_000 && template.size() < 1_100_000);
  }

  @Test
  void sameSeed_makesTheSame() {
    Payload payload = Payload.named("default");

    assertThat(bytes(Pool.of(payload, Traffic.TRACES, 3).templates().get(5)))
        .isEqualTo(bytes(Pool.of(payload, Traffic.TRACES, 3).templates().get(5)))
        .isNotEqualTo(bytes(Pool.of(payload, Traffic.TRACES, 4).templates().get(5)));
  }

  @Test
  void unknownName_isRefused() {
    assertThatThrownBy(() -> Payload.named("huge"))
        .hasMessage("--payload is huge (expected: default, spread, small, large or a YAML file)");
  }

  private static int errors(List<Span> spans) {
    return (int)
        spans.stream()
            .filter(span -> span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR)
            .count();
  }

  static List<Span> spans(Template template) throws InvalidProtocolBufferException {
    List<Span> spans = new ArrayList<>();
    ExportTraceServiceRequest.parseFrom(bytes(template))
        .getResourceSpansList()
        .forEach(resource -> spans.addAll(resource.getScopeSpans(0).getSpansList()));
    return spans;
  }

  private static byte[] bytes(Template template) {
    byte[] bytes = new byte[template.size()];
    template.writeTo(bytes, NOW);
    return bytes;
  }
}
