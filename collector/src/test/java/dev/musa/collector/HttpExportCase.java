package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.Code;
import com.google.rpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;

/** A collector, a client of its HTTP port, and what they say to each other. */
abstract class HttpExportCase {
  static final String PROTOBUF = "application/x-protobuf";
  static final String JSON = "application/json";
  static final String JSON_LOGS =
      """
      {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
        "scopeLogs":[{"logRecords":[
          {"timeUnixNano":"5","body":{"stringValue":"first"}},
          {"timeUnixNano":"6","body":{"stringValue":"second"}}]}]}]}\
      """;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  RunningCollector collector;

  void start(RunningCollector started) {
    collector = started;
  }

  @AfterEach
  void close() {
    collector.assertNothingInFlight();
    collector.close();
    client.close();
  }

  static void assertRetryable(HttpResponse<byte[]> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValueAsLong("Retry-After").orElse(-1)).isBetween(1L, 3L);
  }

  static Status protobufStatus(HttpResponse<byte[]> response, Code code) {
    assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
    try {
      Status status = Status.parseFrom(response.body());
      assertThat(status.getCode()).isEqualTo(code.getNumber());
      return status;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  HttpRequest.Builder request(String path, String contentType) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + collector.collector().httpPort() + path))
        .header("Content-Type", contentType);
  }

  HttpRequest.Builder post(String path, String contentType, byte[] body) {
    return request(path, contentType).POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return sendAsync(request).get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
