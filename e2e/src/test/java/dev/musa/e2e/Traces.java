package dev.musa.e2e;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Hand-made traces and a plain client, for tests that need to know what was acknowledged. */
final class Traces {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private Traces() {}

  static ByteString newTraceId(Random random) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16).putLong(random.nextLong() | 1).putLong(random.nextLong()).flip());
  }

  /** W3C consistent probability: whether the 56 random bits of the trace id reach the threshold. */
  static boolean isKeptByChance(ByteString traceId, double probability) {
    long randomness = traceId.asReadOnlyByteBuffer().getLong(8) & ((1L << 56) - 1);
    return randomness >= (long) ((1 - probability) * (1L << 56));
  }

  static Span span(Random random, ByteString traceId, String name, Duration length, boolean error) {
    long end = Instant.now().toEpochMilli() * 1_000_000;
    return Span.newBuilder()
        .setTraceId(traceId)
        .setSpanId(
            ByteString.copyFrom(ByteBuffer.allocate(8).putLong(random.nextLong() | 1).flip()))
        .setName(name)
        .setStartTimeUnixNano(end - length.toNanos())
        .setEndTimeUnixNano(end)
        .setStatus(
            Status.newBuilder()
                .setCode(
                    error
                        ? Status.StatusCode.STATUS_CODE_ERROR
                        : Status.StatusCode.STATUS_CODE_UNSET))
        .build();
  }

  static TracesData request(String service, Iterable<Span> spans) {
    return TracesData.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder().addAttributes(attribute("service.name", service)))
                .addScopeSpans(ScopeSpans.newBuilder().addAllSpans(spans)))
        .build();
  }

  static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  /** Sends a request and returns the status, or 0 if the connection broke before the answer. */
  static int post(Ports ports, String signal, byte[] body) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.http() + "/v1/" + signal))
            .timeout(Duration.ofSeconds(30))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (java.io.IOException _) {
      return 0;
    }
  }
}
