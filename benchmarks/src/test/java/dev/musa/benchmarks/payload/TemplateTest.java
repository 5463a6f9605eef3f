package dev.musa.benchmarks.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final ByteString TRACE = ByteString.fromHex("0102030405060708090a0b0c0d0e0f10");
  private static final ByteString OTHER = ByteString.fromHex("ff02030405060708090a0b0c0d0e0fff");
  private static final ByteString ROOT = ByteString.fromHex("a1a2a3a4a5a6a7a8");
  private static final ByteString CHILD = ByteString.fromHex("b1b2b3b4b5b6b7b8");
  private static final long NOW = 1_700_000_000_000_000_000L;

  private static final ExportTraceServiceRequest REQUEST =
      request(
          Span.newBuilder()
              .setTraceId(TRACE)
              .setSpanId(ROOT)
              .setName("root")
              .setStartTimeUnixNano(5_000)
              .setEndTimeUnixNano(9_000)
              .build(),
          Span.newBuilder()
              .setTraceId(TRACE)
              .setSpanId(CHILD)
              .setParentSpanId(ROOT)
              .setStartTimeUnixNano(6_000)
              .setEndTimeUnixNano(6_500)
              .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
              .addEvents(Span.Event.newBuilder().setTimeUnixNano(6_100).setName("retry"))
              .addLinks(Span.Link.newBuilder().setTraceId(OTHER).setSpanId(CHILD))
              .build());

  @Test
  void ids_areNewButFitTogether() throws InvalidProtocolBufferException {
    ExportTraceServiceRequest first = written(Stamp.ofCycle(7, 0, NOW));
    ExportTraceServiceRequest second = written(Stamp.ofCycle(7, 1, NOW));

    Span root = span(first, 0);
    Span child = span(first, 1);
    assertThat(root.getTraceId()).isEqualTo(child.getTraceId()).isNotEqualTo(TRACE);
    assertThat(child.getParentSpanId()).isEqualTo(root.getSpanId()).isNotEqualTo(ROOT);
    assertThat(child.getLinks(0).getSpanId()).isEqualTo(child.getSpanId());
    assertThat(child.getLinks(0).getTraceId()).isNotEqualTo(OTHER);
    assertThat(span(second, 0).getTraceId()).isNotEqualTo(root.getTraceId());
    assertThat(span(second, 0).getSpanId()).isNotEqualTo(root.getSpanId());
  }

  @Test
  void times_areThatOfSendingWithTheOldDurations() throws InvalidProtocolBufferException {
    ExportTraceServiceRequest written = written(Stamp.ofCycle(7, 0, NOW));

    assertThat(span(written, 0).getStartTimeUnixNano()).isEqualTo(NOW);
    assertThat(span(written, 0).getEndTimeUnixNano()).isEqualTo(NOW + 4_000);
    assertThat(span(written, 1).getStartTimeUnixNano()).isEqualTo(NOW);
    assertThat(span(written, 1).getEndTimeUnixNano()).isEqualTo(NOW + 500);
    assertThat(span(written, 1).getEvents(0).getTimeUnixNano()).isEqualTo(NOW);
  }

  @Test
  void everythingElse_staysAsItWas() throws InvalidProtocolBufferException {
    Template template = Template.of(Signal.TRACES, REQUEST.toByteArray());
    byte[] once = new byte[template.size()];
    byte[] twice = new byte[template.size()];
    template.writeTo(once, new Stamp(0, 0, 0, 5_000));
    template.writeTo(twice, Stamp.ofCycle(1, 2, NOW));
    template.writeTo(twice, new Stamp(0, 0, 0, 5_000));

    assertThat(once).isEqualTo(twice);
    Span root = span(ExportTraceServiceRequest.parseFrom(once), 0);
    assertThat(root).isEqualTo(span(REQUEST, 0));
    assertThat(template.items()).isEqualTo(2);
    assertThat(template.errors()).isEqualTo(1);
  }

  @Test
  void whatIsNoRequest_isRefused() {
    byte[] text = "no protobuf".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Template.of(Signal.LOGS, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a request with logs: ");
  }

  private static ExportTraceServiceRequest written(Stamp stamp)
      throws InvalidProtocolBufferException {
    Template template = Template.of(Signal.TRACES, REQUEST.toByteArray());
    byte[] bytes = new byte[template.size()];
    template.writeTo(bytes, stamp);
    return ExportTraceServiceRequest.parseFrom(bytes);
  }

  private static Span span(ExportTraceServiceRequest request, int index) {
    return request.getResourceSpans(0).getScopeSpans(0).getSpans(index);
  }

  private static ExportTraceServiceRequest request(Span... spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (Span span : spans) {
      scope.addSpans(span);
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }
}
