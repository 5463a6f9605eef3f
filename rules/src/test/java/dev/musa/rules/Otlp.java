package dev.musa.rules;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.OtlpCursor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes one item as it comes over the wire, and a cursor that stands at it. */
public final class Otlp {
  private static final InstrumentationScope SCOPE =
      InstrumentationScope.newBuilder()
          .setName("shop.http")
          .setVersion("1.2")
          .addAttributes(attribute("layer", "edge"))
          .build();

  private Otlp() {}

  public static OtlpCursor span(Map<String, ?> resource, Span span) {
    return cursor(
        Signal.TRACES,
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .setResource(resource(resource))
                    .addScopeSpans(ScopeSpans.newBuilder().setScope(SCOPE).addSpans(span)))
            .build()
            .toByteArray());
  }

  public static OtlpCursor log(Map<String, ?> resource, LogRecord record) {
    return cursor(
        Signal.LOGS,
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .setResource(resource(resource))
                    .addScopeLogs(ScopeLogs.newBuilder().setScope(SCOPE).addLogRecords(record)))
            .build()
            .toByteArray());
  }

  public static OtlpCursor point(Map<String, ?> resource, String metric, Map<String, ?> point) {
    NumberDataPoint dataPoint =
        NumberDataPoint.newBuilder().addAllAttributes(attributes(point)).setAsInt(1).build();
    return cursor(
        Signal.METRICS,
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .setResource(resource(resource))
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .setScope(SCOPE)
                            .addMetrics(
                                Metric.newBuilder()
                                    .setName(metric)
                                    .setUnit("By")
                                    .setDescription("what it counts")
                                    .setGauge(Gauge.newBuilder().addDataPoints(dataPoint)))))
            .build()
            .toByteArray());
  }

  public static List<KeyValue> attributes(Map<String, ?> values) {
    return new TreeMap<>(values)
        .entrySet().stream().map(entry -> attribute(entry.getKey(), entry.getValue())).toList();
  }

  /** Java values as OTLP has them: null is the value without a type. */
  public static AnyValue value(Object value) {
    AnyValue.Builder any = AnyValue.newBuilder();
    return switch (value) {
      case null -> any.build();
      case String text -> any.setStringValue(text).build();
      case Boolean truth -> any.setBoolValue(truth).build();
      case Long number -> any.setIntValue(number).build();
      case Integer number -> any.setIntValue(number).build();
      case Double number -> any.setDoubleValue(number).build();
      case byte[] bytes -> any.setBytesValue(ByteString.copyFrom(bytes)).build();
      case List<?> list ->
          any.setArrayValue(
                  ArrayValue.newBuilder().addAllValues(list.stream().map(Otlp::value).toList()))
              .build();
      case Map<?, ?> map -> {
        KeyValueList.Builder entries = KeyValueList.newBuilder();
        map.forEach((key, each) -> entries.addValues(attribute(key.toString(), each)));
        yield any.setKvlistValue(entries).build();
      }
      default -> throw new IllegalArgumentException(value.getClass().toString());
    };
  }

  private static KeyValue attribute(String key, Object value) {
    return KeyValue.newBuilder().setKey(key).setValue(value(value)).build();
  }

  private static Resource resource(Map<String, ?> attributes) {
    return Resource.newBuilder().addAllAttributes(attributes(attributes)).build();
  }

  private static OtlpCursor cursor(Signal signal, byte[] request) {
    OtlpCursor cursor = new OtlpCursor(signal);
    cursor.reset(request);
    if (!cursor.next()) {
      throw new IllegalArgumentException("no item");
    }
    return cursor;
  }
}
