package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** OTLP in protobuf over HTTP/1.1: Loki, Prometheus and any other OTLP endpoint. */
final class OtlpHttpBackend implements Backend {
  /** Prometheus and Loki compare the whole header with this. */
  private static final String CONTENT_TYPE = "application/x-protobuf";

  private final Map<Signal, URI> endpoints;
  private final Options options;
  private final Function<HttpReply, Answer> table;
  private final InstantSource clock;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client;

  /** What is the same for every request. */
  record Options(
      OrgId orgId, Map<String, String> headers, Compression compression, Duration timeout) {}

  OtlpHttpBackend(
      Map<Signal, URI> endpoints,
      Options options,
      @Nullable SSLContext tls,
      Function<HttpReply, Answer> table,
      InstantSource clock) {
    this.endpoints = new EnumMap<>(endpoints);
    this.options = options;
    this.table = table;
    this.clock = clock;
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(options.timeout())
            .executor(executor);
    if (tls != null) {
      builder.sslContext(tls);
    }
    this.client = builder.build();
  }

  @Override
  public String orgId(String tenant) {
    return options.orgId().of(tenant);
  }

  @Override
  public Answer deliver(Signal signal, String orgId, byte[] request) throws InterruptedException {
    var endpoint = endpoints.get(signal);
    if (endpoint == null) {
      throw new IllegalArgumentException("no endpoint for " + signal.label());
    }
    var response = client.sendAsync(requestFor(endpoint, orgId, request), _ -> new BoundedBody());
    try {
      // HttpRequest.timeout ends with the headers; this one covers the body too.
      return table.apply(reply(response.get(options.timeout().toMillis(), TimeUnit.MILLISECONDS)));
    } catch (TimeoutException e) {
      return new Answer.Retry(
          Duration.ZERO, "timeout", endpoint + " gave no answer within " + options.timeout());
    } catch (ExecutionException e) {
      return fault(endpoint, e.getCause());
    } finally {
      response.cancel(true);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    client.close();
    executor.close();
  }

  private HttpRequest requestFor(URI endpoint, String orgId, byte[] body) {
    var request = HttpRequest.newBuilder(endpoint).header("content-type", CONTENT_TYPE);
    options.headers().forEach(request::header);
    if (!orgId.isEmpty()) {
      request.header(OrgId.HEADER, orgId);
    }
    return switch (options.compression()) {
      case NONE -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
      case GZIP ->
          request
              .header("content-encoding", "gzip")
              .POST(HttpRequest.BodyPublishers.ofByteArray(gzip(body)))
              .build();
    };
  }

  private HttpReply reply(HttpResponse<byte[]> response) {
    var headers = response.headers();
    return new HttpReply(
        response.statusCode(),
        headers.firstValue("content-type").orElse(""),
        headers.firstValue("retry-after").orElse("").strip(),
        ByteString.copyFrom(response.body()),
        clock.instant());
  }

  private static Answer fault(URI endpoint, @Nullable Throwable cause) {
    if (cause instanceof IOException) {
      var detail =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return new Answer.Retry(Duration.ZERO, "io", Texts.oneLine(endpoint + ": " + detail));
    }
    throw new IllegalStateException("the HTTP client failed at " + endpoint, cause);
  }

  private static byte[] gzip(byte[] body) {
    var compressed = new ByteArrayOutputStream(body.length / 2);
    try (var gzip = new GZIPOutputStream(compressed)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory does not fail", e);
    }
    return compressed.toByteArray();
  }
}
