package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import com.google.rpc.Status;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused over HTTP, and how. */
class HttpRefusalTest extends HttpExportCase {
  @Test
  void malformedProtobuf_is400_withTheOffset() throws Exception {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", PROTOBUF, new byte[] {10, 5, 1}));

    assertThat(response.statusCode()).isEqualTo(400);
    Status status = protobufStatus(response, Code.INVALID_ARGUMENT);
    assertThat(status.getMessage())
        .startsWith("body is not a valid OTLP export request: ")
        .contains(" at byte ");
    assertThat(collector.requests()).isEqualTo(Map.of("refused malformed", 1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"resourceLogs\":[", "nonsense", "", "[1]"})
  void malformedJson_is400_inJson(String body) {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", JSON, body.getBytes(UTF_8)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).contains(JSON);
    assertThat(text(response)).startsWith("{\"code\":3,\"message\":\"").contains(" at byte ");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 9, 20, 60})
  void brokenGzip_is400(int length) {
    start(RunningCollector.acknowledging());
    byte[] broken = Arrays.copyOf(gzip(Samples.logs(20)), length);

    HttpResponse<byte[]> response =
        send(post("/v1/logs", PROTOBUF, broken).header("Content-Encoding", "gzip"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(protobufStatus(response, Code.INVALID_ARGUMENT).getMessage())
        .contains("not valid gzip");
  }

  @Test
  void tooLarge_is413() {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.compressible(RunningCollector.MAX_REQUEST);

    HttpResponse<byte[]> response = send(post("/v1/logs", PROTOBUF, request));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(protobufStatus(response, Code.RESOURCE_EXHAUSTED).getMessage())
        .contains(request.length + " bytes", "at most 262144");
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertThat(collector.requests()).isEqualTo(Map.of("refused too_large", 1L));
  }

  @Test
  void tooLargeOfUnknownLength_is413() {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.compressible(RunningCollector.MAX_REQUEST);

    HttpResponse<byte[]> response =
        send(
            request("/v1/logs", PROTOBUF)
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(request))));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void gzipBomb_is413() {
    start(RunningCollector.acknowledging());
    byte[] bomb = gzip(Samples.compressible(50 << 20));
    assertThat(bomb.length).isLessThan(RunningCollector.MAX_REQUEST);

    HttpResponse<byte[]> response =
        send(post("/v1/logs", PROTOBUF, bomb).header("Content-Encoding", "gzip"));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(collector.records()).isEmpty();
  }

  @Test
  void overBudget_is503_withRetryAfter_andServesAgainAfterwards() throws Exception {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.compressible(60_000);
    int fitting = RunningCollector.IN_FLIGHT / (request.length + ByteBudget.OVERHEAD);
    List<CompletableFuture<HttpResponse<byte[]>>> held = new ArrayList<>();
    for (int i = 0; i < fitting; i++) {
      held.add(sendAsync(post("/v1/logs", PROTOBUF, request)));
      collector.awaitRecords(i + 1);
    }

    for (int i = 0; i < 3; i++) {
      HttpResponse<byte[]> response = send(post("/v1/logs", PROTOBUF, request));
      assertRetryable(response);
      assertThat(protobufStatus(response, Code.UNAVAILABLE).getMessage()).contains("in flight");
    }
    assertRetryable(
        send(post("/v1/logs", PROTOBUF, gzip(request)).header("Content-Encoding", "gzip")));

    for (int i = 0; i < fitting; i++) {
      collector.kafka().completeNext();
    }
    for (CompletableFuture<HttpResponse<byte[]>> response : held) {
      assertThat(response.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    collector.assertNothingInFlight();
    assertThat(collector.requests())
        .isEqualTo(Map.of("accepted", (long) fitting, "refused over_budget", 4L));
  }

  @Test
  void kafkaNeverReached_is503() {
    start(RunningCollector.started(RunningCollector.config(), RunningCollector::unreachable));

    HttpResponse<byte[]> response = send(post("/v1/logs", JSON, JSON_LOGS.getBytes(UTF_8)));

    assertRetryable(response);
    assertThat(text(response)).startsWith("{\"code\":14,\"message\":\"Kafka has not been reached");
  }

  @Test
  void kafkaNotAcknowledgingInTime_is503() throws Exception {
    start(RunningCollector.waitingForKafka());
    CompletableFuture<HttpResponse<byte[]>> response =
        sendAsync(post("/v1/logs", PROTOBUF, Samples.logs(3)));
    collector.awaitRecords(1);

    collector.kafka().errorNext(new TimeoutException("Expiring 1 record(s)"));

    assertRetryable(response.get(10, TimeUnit.SECONDS));
    assertThat(collector.items()).isEqualTo(Map.of("refused kafka_unavailable", 3L));
  }

  @Test
  void gateShut_is503_withItsReason() {
    start(RunningCollector.acknowledging());
    collector.gate.shut("the disk is full");

    HttpResponse<byte[]> response = send(post("/v1/logs", PROTOBUF, Samples.logs(1)));

    assertRetryable(response);
    assertThat(protobufStatus(response, Code.UNAVAILABLE).getMessage())
        .isEqualTo("intake is paused: the disk is full");
  }

  @Test
  void otherPath_is404() {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/profiles", JSON, "{}".getBytes(UTF_8)));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(text(response)).contains("/v1/profiles", "expected: /v1/traces");
  }

  @Test
  void otherMethod_is405_withAllow() {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(request("/v1/logs", PROTOBUF).GET());

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void otherContentType_is415_inText() {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", "text/csv", Samples.logs(1)));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(text(response))
        .isEqualTo(
            "Content-Type: text/csv (expected: application/x-protobuf or application/json)\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "gzip, gzip", "br"})
  void otherContentEncoding_is415_namingTheAcceptedOnes(String contentEncoding) {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response =
        send(
            post("/v1/logs", PROTOBUF, Samples.logs(1))
                .header("Content-Encoding", contentEncoding));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(response.headers().firstValue("Accept-Encoding")).contains("gzip, identity");
    assertThat(protobufStatus(response, Code.INVALID_ARGUMENT).getMessage())
        .isEqualTo("Content-Encoding: " + contentEncoding + " (expected: gzip or identity)");
  }
}
