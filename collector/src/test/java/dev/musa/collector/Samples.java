package dev.musa.collector;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
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
import java.nio.ByteBuffer;
import java.util.List;

/** Small requests. */
final class Samples {
  private Samples() {}

  /** A valid request with that many items. */
  static byte[] request(Signal signal, int items) {
    return switch (signal) {
      case TRACES -> traces(items);
      case LOGS -> logs(items);
      case METRICS -> points(items);
    };
  }

  /** One span in each of so many traces. */
  static byte[] traces(int number) {
    ScopeSpans.Builder spans = ScopeSpans.newBuilder();
    for (int i = 0; i < number; i++) {
      spans.addSpans(span(i));
    }
    return traces(spans, resource("shop"));
  }

  static byte[] traces(ScopeSpans.Builder spans, Resource resource) {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans))
        .build()
        .toByteArray();
  }

  static Span.Builder span(int trace) {
    return Span.newBuilder()
        .setTraceId(traceId(trace))
        .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}))
        .setName("GET /cart")
        .setStartTimeUnixNano(1_000)
        .setEndTimeUnixNano(2_000);
  }

  static ByteString traceId(int trace) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16).putLong(0x1122334455667788L).putLong(trace + 1L).array());
  }

  static byte[] logs(int number) {
    ScopeLogs.Builder logs = ScopeLogs.newBuilder();
    for (int i = 0; i < number; i++) {
      logs.addLogRecords(log("line " + i).setTimeUnixNano(5));
    }
    return logs(logs, resource("shop"));
  }

  static byte[] logs(ScopeLogs.Builder logs, Resource resource) {
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource).addScopeLogs(logs))
        .build()
        .toByteArray();
  }

  static LogRecord.Builder log(String body) {
    return LogRecord.newBuilder().setBody(AnyValue.newBuilder().setStringValue(body));
  }

  static byte[] points(int number) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < number; i++) {
      gauge.addDataPoints(NumberDataPoint.newBuilder().setAsInt(i).setTimeUnixNano(5));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource("shop"))
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("queue.size").setGauge(gauge))))
        .build()
        .toByteArray();
  }

  static Resource resource(String service, KeyValue... more) {
    return Resource.newBuilder()
        .addAttributes(attribute("service.name", service))
        .addAllAttributes(List.of(more))
        .build();
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** A valid log record whose body has that many characters, all the same. */
  static byte[] compressible(int length) {
    return logs(
        ScopeLogs.newBuilder().addLogRecords(log("x".repeat(length)).setTimeUnixNano(5)),
        resource("shop"));
  }
}
