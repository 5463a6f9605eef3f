package dev.musa.processors;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** OTLP messages for tests, by the generated classes. */
public final class Otlp {
  private Otlp() {}

  public static LogRecord log(int severity, String body, Map<String, String> attributes) {
    return LogRecord.newBuilder()
        .setTimeUnixNano(1_700_000_000_000_000_000L)
        .setSeverityNumber(SeverityNumber.forNumber(severity))
        .setBody(text(body))
        .addAllAttributes(keyValues(attributes))
        .build();
  }

  public static ResourceLogs resourceLogs(Map<String, String> resource, LogRecord... logs) {
    return ResourceLogs.newBuilder()
        .setResource(resource(resource))
        .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(List.of(logs)))
        .build();
  }

  public static LogsData logs(ResourceLogs... resources) {
    return LogsData.newBuilder().addAllResourceLogs(List.of(resources)).build();
  }

  public static LogsData parseLogs(byte[] bytes) {
    try {
      return LogsData.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /** The bodies of all log records, in order. */
  public static List<String> bodies(LogsData logs) {
    return logs.getResourceLogsList().stream()
        .flatMap(resource -> resource.getScopeLogsList().stream())
        .flatMap(scope -> scope.getLogRecordsList().stream())
        .map(log -> log.getBody().getStringValue())
        .toList();
  }

  public static Metric gauge(String name, int points) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < points; i++) {
      gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i));
    }
    return Metric.newBuilder().setName(name).setGauge(gauge).build();
  }

  public static MetricsData metrics(Map<String, String> resource, Metric... metrics) {
    return MetricsData.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource(resource))
                .addScopeMetrics(ScopeMetrics.newBuilder().addAllMetrics(List.of(metrics))))
        .build();
  }

  public static MetricsData parseMetrics(byte[] bytes) {
    try {
      return MetricsData.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  public static Map<String, String> attributes(List<KeyValue> attributes) {
    Map<String, String> values = new TreeMap<>();
    attributes.forEach(
        attribute -> values.put(attribute.getKey(), attribute.getValue().getStringValue()));
    return values;
  }

  public static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValueBytes(ByteString.copyFromUtf8(value)).build();
  }

  private static Resource resource(Map<String, String> attributes) {
    return Resource.newBuilder().addAllAttributes(keyValues(attributes)).build();
  }

  private static List<KeyValue> keyValues(Map<String, String> attributes) {
    return attributes.entrySet().stream()
        .map(entry ->
            KeyValue.newBuilder().setKey(entry.getKey()).setValue(text(entry.getValue())).build())
        .toList();
  }
}
