package dev.musa.sinks.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
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
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.record.TimestampType;

/** Requests whose items can be told apart by an id of their own, and back. */
public final class Telemetry {
  /** An item with this in its id is one that backends refuse. */
  public static final String POISON = "poison";

  /** Time of all items unless they say otherwise. */
  public static final long NOW_MILLI = 1_790_000_000_000L;

  private Telemetry() {}

  public static byte[] request(Signal signal, List<String> ids) {
    return switch (signal) {
      case TRACES -> traces(ids).toByteArray();
      case LOGS -> logs(ids, NOW_MILLI).toByteArray();
      case METRICS -> metrics(ids, NOW_MILLI).toByteArray();
    };
  }

  public static TracesData traces(List<String> ids) {
    var scope = ScopeSpans.newBuilder();
    for (var id : ids) {
      scope.addSpans(span(id));
    }
    return TracesData.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().setResource(resource()).addScopeSpans(scope))
        .build();
  }

  /** A poisonous span has an empty trace id, which Tempo refuses with all that is beside it. */
  private static Span span(String id) {
    var traceId = ByteBuffer.allocate(16).putLong(id.hashCode()).putLong(1).array();
    var spanId = ByteBuffer.allocate(8).putLong(id.hashCode() | 1L << 40).array();
    return Span.newBuilder()
        .setName(id)
        .setTraceId(id.contains(POISON) ? ByteString.EMPTY : ByteString.copyFrom(traceId))
        .setSpanId(ByteString.copyFrom(spanId))
        .setStartTimeUnixNano(nanos(NOW_MILLI))
        .setEndTimeUnixNano(nanos(NOW_MILLI + 1))
        .build();
  }

  /** A poisonous log record has an attribute without a key, which Loki refuses with all beside. */
  public static LogsData logs(List<String> ids, long timeMilli) {
    var scope = ScopeLogs.newBuilder();
    for (var id : ids) {
      var log =
          LogRecord.newBuilder()
              .setTimeUnixNano(nanos(timeMilli))
              .setBody(AnyValue.newBuilder().setStringValue(id));
      if (id.contains(POISON)) {
        log.addAttributes(attribute("", "value"));
      }
      scope.addLogRecords(log);
    }
    return LogsData.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
        .build();
  }

  /** Each point is a series of its own; a poisonous one has no name, which Prometheus refuses. */
  public static MetricsData metrics(List<String> ids, long timeMilli) {
    var scope = ScopeMetrics.newBuilder();
    for (var id : ids) {
      scope.addMetrics(gauge(id.contains(POISON) ? "" : "gauge", id, timeMilli));
    }
    return MetricsData.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder().setResource(resource()).addScopeMetrics(scope))
        .build();
  }

  public static Metric gauge(String name, String id, long timeMilli) {
    return Metric.newBuilder()
        .setName(name)
        .setGauge(
            Gauge.newBuilder()
                .addDataPoints(
                    NumberDataPoint.newBuilder()
                        .setTimeUnixNano(nanos(timeMilli))
                        .setAsDouble(1)
                        .addAttributes(attribute("id", id))))
        .build();
  }

  /** The ids in a request, in order. */
  public static List<String> ids(Signal signal, byte[] request) {
    try {
      var ids = new ArrayList<String>();
      switch (signal) {
        case TRACES -> {
          for (var resource : TracesData.parseFrom(request).getResourceSpansList()) {
            for (var scope : resource.getScopeSpansList()) {
              scope.getSpansList().forEach(span -> ids.add(span.getName()));
            }
          }
        }
        case LOGS -> {
          for (var resource : LogsData.parseFrom(request).getResourceLogsList()) {
            for (var scope : resource.getScopeLogsList()) {
              scope.getLogRecordsList().forEach(log -> ids.add(log.getBody().getStringValue()));
            }
          }
        }
        case METRICS -> {
          for (var resource : MetricsData.parseFrom(request).getResourceMetricsList()) {
            for (var scope : resource.getScopeMetricsList()) {
              for (var metric : scope.getMetricsList()) {
                for (var point : metric.getGauge().getDataPointsList()) {
                  ids.add(point.getAttributes(0).getValue().getStringValue());
                }
              }
            }
          }
        }
      }
      return ids;
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not a request with " + signal.label(), e);
    }
  }

  /** A record as the processors write it. */
  public static ConsumerRecord<byte[], byte[]> record(
      String topic, int partition, long offset, String tenant, int items, byte[] value) {
    var headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders(tenant, "test", items, NOW_MILLI, null, null).writeTo(headers);
    return new ConsumerRecord<>(
        topic,
        partition,
        offset,
        NOW_MILLI,
        TimestampType.CREATE_TIME,
        0,
        value.length,
        null,
        value,
        headers,
        Optional.empty());
  }

  public static ConsumerRecord<byte[], byte[]> record(
      Signal signal, int partition, long offset, String tenant, List<String> ids) {
    return record(
        "musa." + signal.label(), partition, offset, tenant, ids.size(), request(signal, ids));
  }

  public static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static Resource resource() {
    return Resource.newBuilder().addAttributes(attribute("service.name", "shop")).build();
  }

  private static long nanos(long milli) {
    return TimeUnit.MILLISECONDS.toNanos(milli);
  }
}
