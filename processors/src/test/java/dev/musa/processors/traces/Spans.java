package dev.musa.processors.traces;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.processors.Otlp;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.nio.ByteBuffer;
import java.util.List;

/** Spans for tests, by the generated classes. */
final class Spans {
  static final long START = 1_700_000_000_000_000_000L;

  private Spans() {}

  /** A span of a millisecond; its name tells it from others. */
  static Span.Builder span(long high, long low, String name) {
    return Span.newBuilder()
        .setTraceId(ByteString.copyFrom(ByteBuffer.allocate(16).putLong(high).putLong(low).flip()))
        .setSpanId(ByteString.copyFrom(ByteBuffer.allocate(8).putLong(1).flip()))
        .setName(name)
        .setStartTimeUnixNano(START)
        .setEndTimeUnixNano(START + 1_000_000);
  }

  static Span.Builder error(long high, long low, String name) {
    return span(high, low, name)
        .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder().setKey(key).setValue(Otlp.text(value)).build();
  }

  static byte[] record(Span.Builder... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span.Builder span : spans) {
      scope.addSpans(span);
    }
    return record(scope);
  }

  static byte[] record(ScopeSpans.Builder scope) {
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder().addAttributes(attribute("host.name", "melchior")))
                .addScopeSpans(scope))
        .build()
        .toByteArray();
  }

  static List<Span> parse(byte[] value) {
    try {
      return TracesData.parseFrom(value).getResourceSpansList().stream()
          .flatMap(resource -> resource.getScopeSpansList().stream())
          .flatMap(scope -> scope.getSpansList().stream())
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  static List<String> names(byte[] value) {
    return parse(value).stream().map(Span::getName).toList();
  }
}
