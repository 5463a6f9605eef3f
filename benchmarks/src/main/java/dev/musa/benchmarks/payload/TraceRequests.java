package dev.musa.benchmarks.payload;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Makes requests with spans of whole traces, which end with the last request. */
final class TraceRequests {
  private static final String FILLER = "db.query.text";
  private static final long MILLISECOND = 1_000_000;
  private static final List<Span.SpanKind> KINDS =
      List.of(
          Span.SpanKind.SPAN_KIND_SERVER,
          Span.SpanKind.SPAN_KIND_CLIENT,
          Span.SpanKind.SPAN_KIND_INTERNAL);

  /** Bytes of tag, length and the like around a value whose size changes. */
  private static final int FRAME = 8;

  private final TraceShape shape;
  private final Words words;
  private final Resources resources;
  private int spansOfKeptTraces;

  /** A span without its ballast, and the service that it comes from. */
  private record Draft(int service, Span.Builder span) {}

  TraceRequests(TraceShape shape, Words words) {
    this.shape = shape;
    this.words = words;
    this.resources =
        new Resources(words, shape.services(), shape.pods(), shape.resourceAttributes());
  }

  /** At least so many: as many as whole traces fill, strewn over {@code spread} in a row. */
  List<byte[]> make(int atLeast) {
    int step = leastCommonMultiple(shape.spread(), shape.spansPerTrace());
    int count = (atLeast + step - 1) / step * step;
    List<List<Draft>> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(new ArrayList<>());
    }
    int position = 0;
    int perBlock = shape.spread() * shape.spansPerRequest();
    for (int trace = 0; trace < count * shape.spansPerRequest() / shape.spansPerTrace(); trace++) {
      for (Draft draft : trace(trace)) {
        int block = position / perBlock;
        requests.get(block * shape.spread() + position % shape.spread()).add(draft);
        position++;
      }
    }
    return requests.stream().map(this::encode).toList();
  }

  /** Spans of traces with an error or a long duration, after {@link #make}. */
  int spansOfKeptTraces() {
    return spansOfKeptTraces;
  }

  private List<Draft> trace(int number) {
    ByteString traceId = words.id(16);
    boolean slow = words.chance(shape.slowShare());
    boolean kept = slow;
    List<Draft> drafts = new ArrayList<>();
    List<ByteString> ids = new ArrayList<>();
    for (int i = 0; i < shape.spansPerTrace(); i++) {
      boolean error = words.chance(shape.errorShare());
      kept |= error;
      ids.add(words.id(8));
      long duration =
          slow && i == 0 ? 600 + words.random().nextInt(900) : 1 + words.random().nextInt(150);
      Span.Builder span =
          Span.newBuilder()
              .setTraceId(traceId)
              .setSpanId(ids.get(i))
              .setFlags(0x101)
              .setName((i == 0 ? "GET /api/v1/" : "call ") + words.word())
              .setKind(KINDS.get(i % KINDS.size()))
              .setStartTimeUnixNano(1)
              .setEndTimeUnixNano(1 + duration * MILLISECOND);
      if (i > 0) {
        span.setParentSpanId(ids.get((i - 1) / 2));
      }
      if (error) {
        span.setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR));
      }
      for (int a = 0; a < shape.spanAttributes() - 1; a++) {
        span.addAttributes(words.attribute(a));
      }
      // In turns, so that a request has spans of all services, however long its traces are.
      drafts.add(new Draft((number + i) % shape.services(), span));
    }
    spansOfKeptTraces += kept ? shape.spansPerTrace() : 0;
    return drafts;
  }

  private byte[] encode(List<Draft> drafts) {
    TreeMap<Integer, Resource> senders = new TreeMap<>();
    int overhead = 0;
    for (Draft draft : drafts) {
      if (!senders.containsKey(draft.service)) {
        Resource resource = resources.of(draft.service);
        senders.put(draft.service, resource);
        overhead += resource.getSerializedSize() + Resources.SCOPE.getSerializedSize() + 2 * FRAME;
      }
    }
    int spanBytes = shape.spanBytes() - overhead / drafts.size();
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    senders.forEach((service, resource) -> {
      ScopeSpans.Builder spans = ScopeSpans.newBuilder().setScope(Resources.SCOPE);
      for (Draft draft : drafts) {
        if (draft.service == service) {
          spans.addSpans(filled(draft.span, spanBytes));
        }
      }
      request.addResourceSpans(
          ResourceSpans.newBuilder().setResource(resource).addScopeSpans(spans));
    });
    return request.build().toByteArray();
  }

  /** The last attribute has the length that is missing. */
  private Span filled(Span.Builder span, int bytes) {
    if (shape.spanAttributes() > 0) {
      int missing = bytes - span.build().getSerializedSize() - FILLER.length() - FRAME - 2;
      span.addAttributes(Words.attribute(FILLER, words.text(Math.max(0, missing))));
    }
    return span.build();
  }

  private static int leastCommonMultiple(int a, int b) {
    int x = a;
    int y = b;
    while (y != 0) {
      int rest = x % y;
      x = y;
      y = rest;
    }
    return a / x * b;
  }
}
