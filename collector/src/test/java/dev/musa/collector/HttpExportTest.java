package dev.musa.collector;

import static dev.musa.collector.RunningCollector.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpExportTest {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final String JSON_LOGS =
      """
      {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
        "scopeLogs":[{"logRecords":[
          {"timeUnixNano":"5","body":{"stringValue":"first"}},
          {"timeUnixNano":"6","body":{"stringValue":"second"}}]}]}]}\
      """;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private RunningCollector collector;

  private void start(RunningCollector started) {
    collector = started;
  }

  @AfterEach
  void close() {
    collector.assertNothingInFlight();
    collector.close();
    client.close();
  }

  @ParameterizedTest
  @EnumSource
  void post_ofEachSignal_isPublishedAndAnsweredWithAnEmptyResponse(Signal signal) {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response =
        send(post("/v1/" + signal.label(), PROTOBUF, Samples.request(signal, 5)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
    assertThat(response.body()).isEmpty();
    assertThat(collector.records())
        .isNotEmpty()
        .allMatch(r -> r.topic().equals("musa." + signal.label() + ".raw"));
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 5L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP_1_1", "HTTP_2"})
  void post_byEachHttpVersion_isServed(HttpClient.Version version) throws Exception {
    start(RunningCollector.acknowledging());
    try (HttpClient versioned = HttpClient.newBuilder().version(version).build()) {
      for (int i = 0; i < 3; i++) {
        HttpResponse<byte[]> response =
            versioned.send(
                post("/v1/traces", PROTOBUF, Samples.traces(500)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
      }
    }
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 1500L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"application/json", "Application/JSON; charset=utf-8", "application/json ;a=b"})
  void json_isPublishedAsProtobuf_andAnsweredInJson(String contentType) {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", contentType, JSON_LOGS.getBytes(UTF_8)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(JSON);
    assertThat(text(response)).isEqualTo("{}");
    ScopeLogs.Builder logs =
        ScopeLogs.newBuilder()
            .addLogRecords(Samples.log("first").setTimeUnixNano(5))
            .addLogRecords(Samples.log("second").setTimeUnixNano(6));
    assertThat(collector.records().getFirst().value())
        .isEqualTo(Samples.logs(logs, Samples.resource("shop")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "GZIP"})
  void gzip_isDecompressed(String contentEncoding) {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.compressible(100_000);

    HttpResponse<byte[]> response =
        send(post("/v1/logs", PROTOBUF, gzip(request)).header("Content-Encoding", contentEncoding));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(collector.items()).isEqualTo(Map.of("refused item_size", 1L));
  }

  @Test
  void gzipOfSeveralMembers_isReadToItsEnd() throws IOException {
    start(RunningCollector.acknowledging());
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(Samples.logs(20)));
    members.write(gzip(Samples.logs(3)));

    HttpResponse<byte[]> response =
        send(post("/v1/logs", PROTOBUF, members.toByteArray()).header("Content-Encoding", "gzip"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 23L));
  }

  @Test
  void bodyOfUnknownLength_isRead() {
    start(RunningCollector.acknowledging());
    byte[] request = Samples.traces(1000);

    HttpResponse<byte[]> response =
        send(
            request("/v1/traces", PROTOBUF)
                .POST(
                    HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(request))));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 1000L));
  }

  @ParameterizedTest
  @CsvSource({PROTOBUF + ",''", JSON + ",{}"})
  void emptyRequest_isSuccess(String contentType, String body) {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", contentType, body.getBytes(UTF_8)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response)).isEqualTo(body);
    assertThat(collector.records()).isEmpty();
  }

  @Test
  void partialSuccess_inProtobuf() throws Exception {
    start(RunningCollector.acknowledging());

    HttpResponse<byte[]> response = send(post("/v1/logs", PROTOBUF, withOneBadOfTwo()));

    assertThat(response.statusCode()).isEqualTo(200);
    var partial = ExportLogsServiceResponse.parseFrom(response.body()).getPartialSuccess();
    assertThat(partial.getRejectedLogRecords()).isEqualTo(1);
    assertThat(partial.getErrorMessage()).startsWith("1 log records refused: 1 x ");
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 1L, "refused linked_id", 1L));
  }

  @Test
  void partialSuccess_inJson() {
    start(RunningCollector.acknowledging());
    String body =
        JSON_LOGS.replace(
            "{\"timeUnixNano\":\"6\",", "{\"timeUnixNano\":\"6\",\"traceId\":\"abcd\",");

    HttpResponse<byte[]> response = send(post("/v1/logs", JSON, body.getBytes(UTF_8)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(text(response))
        .startsWith(
            "{\"partialSuccess\":{\"rejectedLogRecords\":\"1\",\"errorMessage\":\"1 log records"
                + " refused: 1 x ");
  }

  @Test
  void recordTooLargeForKafka_isPartialSuccess() throws Exception {
    start(RunningCollector.waitingForKafka());
    CompletableFuture<HttpResponse<byte[]>> response =
        sendAsync(post("/v1/logs", PROTOBUF, Samples.logs(3)));
    collector.awaitRecords(1);

    collector.kafka().errorNext(new RecordTooLargeException("too large"));

    var partial =
        ExportLogsServiceResponse.parseFrom(response.get(10, TimeUnit.SECONDS).body())
            .getPartialSuccess();
    assertThat(partial.getRejectedLogRecords()).isEqualTo(3);
  }

  @Test
  void largeResponse_isCompressedForThoseWhoAcceptIt() throws Exception {
    HttpReply reply = new HttpReply(200, "text/plain", "x".repeat(5000).getBytes(UTF_8), Map.of());
    start(RunningCollector.acknowledging());
    HttpListener listener =
        new HttpListener(
            RunningCollector.config().http(),
            new Handler.Abstract() {
              @Override
              public boolean handle(Request request, Response response, Callback callback) {
                HttpReplyWriter.write(reply, request, response, callback);
                return true;
              }
            });
    listener.start();
    try {
      URI uri = URI.create("http://127.0.0.1:" + listener.port() + "/");
      HttpResponse<byte[]> plain = send(HttpRequest.newBuilder(uri));
      HttpResponse<byte[]> refused =
          send(HttpRequest.newBuilder(uri).header("Accept-Encoding", "gzip;q=0, br"));
      HttpResponse<byte[]> compressed =
          send(HttpRequest.newBuilder(uri).header("Accept-Encoding", "br, gzip;q=0.5"));

      assertThat(plain.body()).isEqualTo(reply.body());
      assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
      assertThat(refused.body()).isEqualTo(reply.body());
      assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
      assertThat(compressed.body()).hasSizeLessThan(200);
      assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed.body())).readAllBytes())
          .isEqualTo(reply.body());
    } finally {
      listener.close(Duration.ofSeconds(1));
    }
  }

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

  @Test
  void abortedBody_givesItsBudgetBack() throws Exception {
    start(RunningCollector.acknowledging());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      sendHead(socket, 100_000);
      socket.getOutputStream().write(new byte[50_000]);
      await(() -> collector.inFlightBytes() > 100_000, "the body has begun");
    }
    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEmpty();
  }

  @Test
  void bodyThatTrickles_is503_withinTheReadTimeout_andGivesItsBudgetBack() throws Exception {
    start(RunningCollector.impatient());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      socket.setSoTimeout(10_000);
      sendHead(socket, 1000);
      OutputStream out = socket.getOutputStream();
      long until = System.nanoTime() + RunningCollector.SOON.toNanos() / 2;
      while (System.nanoTime() < until) {
        out.write(1);
        out.flush();
        LockSupport.parkNanos(20_000_000);
      }
      assertThat(collector.inFlightBytes()).isEqualTo(1000 + ByteBudget.OVERHEAD);

      String response = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(response)
          .startsWith("HTTP/1.1 503 ")
          .contains("Retry-After: ", "Connection: close", "was not there within 1500 ms");
    }
    collector.assertNothingInFlight();
    assertThat(collector.requests()).isEqualTo(Map.of("refused slow_client", 1L));
  }

  @Test
  void clientGoneWhileKafkaIsAwaited_keepsItsBudgetUntilKafkaAnswers() throws Exception {
    start(RunningCollector.waitingForKafka());
    byte[] request = Samples.logs(2);
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      sendHead(socket, request.length);
      socket.getOutputStream().write(request);
      collector.awaitRecords(1);
    }
    assertThat(collector.inFlightBytes()).isEqualTo(request.length + ByteBudget.OVERHEAD);

    collector.kafka().completeNext();

    collector.assertNothingInFlight();
    assertThat(collector.items()).isEqualTo(Map.of("accepted", 2L));
  }

  @Test
  void refusalBeforeTheBody_leavesTheConnectionUsable() throws Exception {
    start(RunningCollector.acknowledging());
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), collector.collector().httpPort())) {
      socket.setSoTimeout(10_000);
      byte[] request = Samples.traces(100);
      collector.gate.shut("full");
      sendHead(socket, request.length);
      socket.getOutputStream().write(request);
      assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 503 Service Unavailable");
      collector.gate.open();
      await(() -> collector.requests().containsKey("refused paused"), "counted");
    }
  }

  private static String statusLine(Socket socket) throws IOException {
    StringBuilder line = new StringBuilder();
    int read = socket.getInputStream().read();
    while (read >= 0 && read != '\r') {
      line.append((char) read);
      read = socket.getInputStream().read();
    }
    return line.toString();
  }

  private static void sendHead(Socket socket, int length) throws IOException {
    String head =
        """
        POST /v1/logs HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/x-protobuf\r
        Content-Length: %d\r
        \r
        """
            .formatted(length);
    socket.getOutputStream().write(head.getBytes(UTF_8));
    socket.getOutputStream().flush();
  }

  private static byte[] withOneBadOfTwo() {
    ScopeLogs.Builder logs =
        ScopeLogs.newBuilder()
            .addLogRecords(Samples.log("good").setTimeUnixNano(1))
            .addLogRecords(
                Samples.log("bad").setTimeUnixNano(1).setTraceId(ByteString.copyFromUtf8("short")));
    return Samples.logs(logs, Samples.resource("shop"));
  }

  private static void assertRetryable(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValueAsLong("Retry-After").orElse(-1)).isBetween(1L, 3L);
  }

  private static Status protobufStatus(HttpResponse<byte[]> response, Code code) {
    assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
    try {
      Status status = Status.parseFrom(response.body());
      assertThat(status.getCode()).isEqualTo(code.getNumber());
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private HttpRequest.Builder request(String path, String contentType) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + collector.collector().httpPort() + path))
        .header("Content-Type", contentType);
  }

  private HttpRequest.Builder post(String path, String contentType, byte[] body) {
    return request(path, contentType).POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return sendAsync(request).get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
