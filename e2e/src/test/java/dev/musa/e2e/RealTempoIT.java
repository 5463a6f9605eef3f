package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes through MUSA can be queried back from Tempo itself. */
class RealTempoIT {
  @TempDir Path directory;
  private final Random random = new Random();

  @Test
  void tempo_hasEverySpanOfEveryTrace() throws Exception {
    try (BackendServer tempo = BackendServer.tempo()) {
      Installation musa = Installation.in(directory);
      try (MusaProcess _ = musa.run("--tempo", tempo.ingest().toString())) {
        Map<ByteString, List<ServiceSpan>> sent = sendTraces(musa.ports(), 20);

        for (var trace : sent.entrySet()) {
          URI query = tempo.query("/api/traces/" + hex(trace.getKey()));
          Deliveries.awaitDelivery(
              musa,
              "trace " + hex(trace.getKey()),
              () -> trace(query),
              spans -> spans.size() >= trace.getValue().size());
          assertThat(trace(query)).containsExactlyInAnyOrderElementsOf(trace.getValue());
        }
        Deliveries.awaitAllDelivered(musa, sent.values().stream().mapToInt(List::size).sum());
      }
    }
  }

  /** Traces of two services, the parts of each in requests of their own. */
  private Map<ByteString, List<ServiceSpan>> sendTraces(Ports ports, int count) throws Exception {
    Map<ByteString, List<ServiceSpan>> sent = new HashMap<>();
    for (int i = 0; i < count; i++) {
      ByteString trace = Traces.newTraceId(random);
      boolean failed = i % 4 == 0;
      Span root = span(trace, ByteString.EMPTY, Span.SpanKind.SPAN_KIND_SERVER, "checkout", failed);
      List<Span> calls =
          List.of(
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_CLIENT, "charge", failed),
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_PRODUCER, "notify", false),
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_INTERNAL, "price", false));
      post(ports, "payment", calls);
      post(ports, "shop", List.of(root));
      List<ServiceSpan> spans = new ArrayList<>();
      calls.forEach(call -> spans.add(ServiceSpan.of("payment", call)));
      spans.add(ServiceSpan.of("shop", root));
      sent.put(trace, spans);
    }
    return sent;
  }

  private static void post(Ports ports, String service, List<Span> spans) throws Exception {
    assertThat(Traces.post(ports, "traces", Traces.request(service, spans).toByteArray()))
        .isEqualTo(200);
  }

  private Span span(
      ByteString trace, ByteString parent, Span.SpanKind kind, String name, boolean error) {
    Span.Builder span =
        Traces.span(random, trace, name, Duration.ofMillis(12), error).toBuilder()
            .setParentSpanId(parent)
            .setKind(kind)
            .addAttributes(Traces.attribute("http.route", "/" + name))
            .addAttributes(attribute("retries", AnyValue.newBuilder().setIntValue(3)))
            .addAttributes(attribute("share", AnyValue.newBuilder().setDoubleValue(0.25)))
            .addAttributes(attribute("cached", AnyValue.newBuilder().setBoolValue(true)));
    span.addEvents(
        Span.Event.newBuilder()
            .setName("started")
            .setTimeUnixNano(span.getStartTimeUnixNano() + 1_000_000)
            .addAttributes(Traces.attribute("thread", "main")));
    return span.build();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** A span, and the service of the resource that it stands under. */
  private record ServiceSpan(String service, Span span) {
    /** Without what a block does not keep: the order of attributes. */
    static ServiceSpan of(String service, Span span) {
      List<KeyValue> attributes = new ArrayList<>(span.getAttributesList());
      attributes.sort(Comparator.comparing(KeyValue::getKey));
      return new ServiceSpan(
          service, span.toBuilder().clearAttributes().addAllAttributes(attributes).build());
    }

    static List<ServiceSpan> of(ResourceSpans resource) {
      String service =
          resource.getResource().getAttributesList().stream()
              .filter(attribute -> attribute.getKey().equals("service.name"))
              .map(attribute -> attribute.getValue().getStringValue())
              .findFirst()
              .orElse("");
      return resource.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .map(span -> of(service, span))
          .toList();
    }
  }

  /** A trace as Tempo has it, empty while it has none; its protobuf is that of TracesData. */
  private static List<ServiceSpan> trace(URI query) {
    HttpResponse<byte[]> response = BackendQuery.get(query, "application/protobuf");
    if (response.statusCode() == 404) {
      return List.of();
    }
    assertThat(response.statusCode())
        .as("%s: %s", query, BackendQuery.text(response))
        .isEqualTo(200);
    try {
      return TracesData.parseFrom(response.body()).getResourceSpansList().stream()
          .flatMap(resource -> ServiceSpan.of(resource).stream())
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(query + " is not a trace: " + BackendQuery.text(response), e);
    }
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }
}
