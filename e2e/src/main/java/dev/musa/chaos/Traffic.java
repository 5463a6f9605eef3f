package dev.musa.chaos;

import com.google.protobuf.ByteString;
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
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.kafka.common.utils.Utils;

/**
 * What is sent, made from its number alone, so that nothing but numbers has to be remembered, and
 * what has to become of it under {@link #rules}.
 */
final class Traffic {
  private static final String RULES =
      """
      apiVersion: musa.dev/v1
      kind: Rules
      traces:
        - name: no-probes
          when: name == "probe"
          drop: span
        - name: tail
          sample:
            decide: {after: 3s}
            policies:
              - {name: errors, keep: {anySpan: status.code == ERROR}}
              - {name: rest, keep: {probability: %s}}
      logs:
        - name: no-debug
          when: severity < INFO
          drop: record
        - name: noisy
          when: attributes["noisy"] == true
          limit: {by: ['resource["service.name"]'], items: %d, per: 1s, burst: %d}
      metrics:
        - name: no-runtime
          when: metric.name == "runtime"
          drop: metric
      """;

  /** Items a second, and at once. */
  static final int LIMIT = 1;

  static final int BURST = 5;

  static final double SMALL_SHARE = 0.25;
  static final double LARGE_SHARE = 0.5;

  /** Spans that count, beside a probe that a rule drops. */
  static final int SPANS = 4;

  /** As many as partitions. */
  static final int GROUPS = 8;

  /** The attribute of resources that names who has sent an item. */
  static final String SERVICE = "service.name";

  private static final int PROBE = SPANS;
  private static final int BITS_OF_SPAN = 3;
  private static final int SEVERITY_DEBUG = 5;
  private static final int SEVERITY_INFO = 9;

  private final long seed;

  Traffic(long seed) {
    this.seed = seed;
  }

  /** Half of a trace: two of its spans, the first half with the probe. */
  byte[] trace(long number, int half) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = half * SPANS / 2; i < (half + 1) * SPANS / 2; i++) {
      scope.addSpans(span(number, i, "work"));
    }
    if (half == 0) {
      scope.addSpans(span(number, PROBE, "probe"));
    }
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().setResource(resource(number)).addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  private Span span(long number, int index, String name) {
    long now = nowNanos();
    // In the first record of its trace: the second one may come after the decision, if a fault
    // lies between the two for longer than the wait.
    boolean error = isError(number) && index == 0;
    return Span.newBuilder()
        .setTraceId(
            ByteString.copyFrom(
                ByteBuffer.allocate(16).putLong(high(number)).putLong(low(number)).flip()))
        .setSpanId(
            ByteString.copyFrom(ByteBuffer.allocate(8).putLong(spanId(number, index)).flip()))
        .setName(name)
        .setStartTimeUnixNano(now - 5_000_000)
        .setEndTimeUnixNano(now)
        .setStatus(Status.newBuilder().setCodeValue(error ? 2 : 0))
        .build();
  }

  /**
   * Of those that go the same way through Kafka: traces by their partition, the others by their
   * service.
   */
  int group(Kind kind, long number) {
    if (kind != Kind.SPAN) {
      return service(number);
    }
    byte[] id = ByteBuffer.allocate(16).putLong(high(number)).putLong(low(number)).array();
    return Utils.toPositive(Utils.murmur2(id)) % GROUPS;
  }

  /** Of what sends the item, or the trace, with this number. */
  String serviceName(long number) {
    return "chaos-" + service(number);
  }

  private int service(long number) {
    return (int) Math.floorMod(mix(seed - number), (long) GROUPS);
  }

  /** The rule set that keeps this share of the traces by chance. */
  static String rules(double share) {
    return RULES.formatted(share, LIMIT, BURST);
  }

  byte[] log(long number) {
    LogRecord.Builder log =
        LogRecord.newBuilder()
            .setTimeUnixNano(nowNanos())
            .setSeverityNumberValue(isDebug(number) ? SEVERITY_DEBUG : SEVERITY_INFO)
            .setBody(AnyValue.newBuilder().setStringValue("line " + number))
            .addAttributes(id(number));
    if (isNoisy(number)) {
      log.addAttributes(
          KeyValue.newBuilder().setKey("noisy").setValue(AnyValue.newBuilder().setBoolValue(true)));
    }
    return LogsData.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(resource(number))
                .addScopeLogs(ScopeLogs.newBuilder().addLogRecords(log)))
        .build()
        .toByteArray();
  }

  byte[] point(long number) {
    Metric.Builder metric =
        Metric.newBuilder()
            .setName(isRuntime(number) ? "runtime" : "load")
            .setGauge(
                Gauge.newBuilder()
                    .addDataPoints(
                        NumberDataPoint.newBuilder()
                            .setTimeUnixNano(nowNanos())
                            .setAsInt(number)
                            .addAttributes(id(number))));
    return MetricsData.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource(number))
                .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
        .build()
        .toByteArray();
  }

  static long spanId(long number, int index) {
    return (number + 1) << BITS_OF_SPAN | index;
  }

  static boolean isProbe(long spanId) {
    return (spanId & ((1 << BITS_OF_SPAN) - 1)) == PROBE;
  }

  static long traceOf(long spanId) {
    return (spanId >>> BITS_OF_SPAN) - 1;
  }

  static boolean isError(long trace) {
    return trace % 5 == 0;
  }

  static boolean isDebug(long log) {
    return log % 4 == 0;
  }

  static boolean isNoisy(long log) {
    return log % 4 == 1;
  }

  static boolean isRuntime(long point) {
    return point % 5 == 0;
  }

  /** What a backend in a bad mood refuses. */
  static boolean isPoison(Kind kind, long number) {
    return (kind == Kind.SPAN ? traceOf(number) : number) % 20 == 7;
  }

  /** W3C consistent probability: whether the trace's 56 random bits reach the threshold. */
  boolean isKeptByChance(long trace, double probability) {
    long randomness = low(trace) & ((1L << 56) - 1);
    return randomness >= (long) ((1 - probability) * (1L << 56));
  }

  /** The first half of the id of a trace. */
  long high(long number) {
    return mix(seed + 2 * number) | 1;
  }

  /** The second half of the id of a trace. */
  long low(long number) {
    return mix(seed + 2 * number + 1);
  }

  /** SplitMix64's finaliser. */
  private static long mix(long value) {
    long z = (value + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static KeyValue id(long number) {
    return KeyValue.newBuilder()
        .setKey(ItemId.KEY)
        .setValue(AnyValue.newBuilder().setIntValue(number))
        .build();
  }

  private Resource resource(long number) {
    return Resource.newBuilder()
        .addAttributes(
            KeyValue.newBuilder()
                .setKey(SERVICE)
                .setValue(AnyValue.newBuilder().setStringValue(serviceName(number))))
        .build();
  }

  private static long nowNanos() {
    return Instant.now().toEpochMilli() * 1_000_000;
  }
}
