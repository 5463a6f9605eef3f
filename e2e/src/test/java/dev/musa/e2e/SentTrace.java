package dev.musa.e2e;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A trace as it was sent: all spans that lie on the raw topic, with the services they are of. */
record SentTrace(List<Span> spans, Set<String> services) {
  /** Everything that MUSA has accepted, by trace id. */
  static Map<ByteString, SentTrace> all(Installation musa) throws InvalidProtocolBufferException {
    Map<ByteString, SentTrace> traces = new HashMap<>();
    for (var record : TopicReader.committed(musa, "traces.raw")) {
      for (ResourceSpans resource : TracesData.parseFrom(record.value()).getResourceSpansList()) {
        for (ScopeSpans scope : resource.getScopeSpansList()) {
          for (Span span : scope.getSpansList()) {
            SentTrace trace =
                traces.computeIfAbsent(
                    span.getTraceId(), _ -> new SentTrace(new ArrayList<>(), new HashSet<>()));
            trace.spans.add(span);
            trace.services.add(service(resource.getResource()));
          }
        }
      }
    }
    return traces;
  }

  boolean failed() {
    return spans.stream()
        .anyMatch(span -> span.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR);
  }

  boolean longerThan(Duration limit) {
    long start = spans.stream().mapToLong(Span::getStartTimeUnixNano).min().orElseThrow();
    long end = spans.stream().mapToLong(Span::getEndTimeUnixNano).max().orElseThrow();
    return end - start > limit.toNanos();
  }

  /** Whether it is one of the health checks, which are single spans. */
  boolean isProbe() {
    return spans.size() == 1;
  }

  Set<ByteString> spanIds() {
    Set<ByteString> ids = new HashSet<>();
    spans.forEach(span -> ids.add(span.getSpanId()));
    return ids;
  }

  private static String service(Resource resource) {
    return resource.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals("service.name"))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }
}
