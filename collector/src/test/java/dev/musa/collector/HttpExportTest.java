package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is accepted over HTTP. */
class HttpExportTest extends HttpExportCase {
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

  private static byte[] withOneBadOfTwo() {
    ScopeLogs.Builder logs =
        ScopeLogs.newBuilder()
            .addLogRecords(Samples.log("good").setTimeUnixNano(1))
            .addLogRecords(
                Samples.log("bad").setTimeUnixNano(1).setTraceId(ByteString.copyFromUtf8("short")));
    return Samples.logs(logs, Samples.resource("shop"));
  }
}
