package dev.musa.sinks.testing;

import com.google.protobuf.ByteString;
import com.google.rpc.Status;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** An HTTP server on loopback, plain or with mutual TLS, that takes OTLP at one path. */
public abstract class HttpStub implements AutoCloseable {
  private static final String PROTOBUF = "application/x-protobuf";

  private final HttpServer server;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ScriptedAnswers<Response> scripted = new ScriptedAnswers<>();
  private final CopyOnWriteArrayList<Request> requests = new CopyOnWriteArrayList<>();
  private final String scheme;

  /** A request as it came, decompressed. */
  public record Request(String path, Map<String, String> headers, ByteString body) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  /** An answer; the body of an empty content type is sent without one. */
  public record Response(
      int status, String contentType, Map<String, String> headers, ByteString body) {

    public static Response empty(int status) {
      return new Response(status, "", Map.of(), ByteString.EMPTY);
    }

    public static Response text(int status, String text) {
      return new Response(
          status, "text/plain; charset=utf-8", Map.of(), ByteString.copyFromUtf8(text));
    }

    /** A protobuf Status without a code, as Loki sends it. */
    public static Response status(int status, String message) {
      var body = Status.newBuilder().setMessage(message).build().toByteString();
      return new Response(status, "application/octet-stream", Map.of(), body);
    }

    public Response withHeader(String name, String value) {
      return new Response(status, contentType, Map.of(name, value), body);
    }
  }

  /**
   * @param mutualTls null for plain HTTP
   */
  protected HttpStub(String path, SSLContext mutualTls) {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      if (mutualTls == null) {
        server = HttpServer.create(address, 0);
        scheme = "http";
      } else {
        var https = HttpsServer.create(address, 0);
        https.setHttpsConfigurator(new ClientCertificates(mutualTls));
        server = https;
        scheme = "https";
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(executor);
    server.createContext("/", exchange -> reply(exchange, Response.text(404, "page not found")));
    server.createContext(path, this::handle);
    server.start();
  }

  /** What the server does with a request that no script has an answer for. */
  protected abstract Response accept(Request request);

  /** Gives this answer to the next requests, and stores nothing of them. */
  public void answerNext(int times, Response response) {
    scripted.add(response, times);
  }

  public URI url() {
    return URI.create(scheme + "://localhost:" + server.getAddress().getPort());
  }

  /** All requests that came, answered by script or not. */
  public java.util.List<Request> requests() {
    return requests;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  /** Loki and Prometheus compare the whole header. */
  protected static boolean isProtobuf(Request request) {
    return request.header("content-type").equals(PROTOBUF);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = new java.util.HashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
    var body = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(headers.get("content-encoding"))) {
      body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
    }
    var request =
        new Request(exchange.getRequestURI().getPath(), headers, ByteString.copyFrom(body));
    requests.add(request);
    var script = scripted.next();
    reply(exchange, script.isPresent() ? script.get() : accept(request));
  }

  private static void reply(HttpExchange exchange, Response response) throws IOException {
    try (exchange) {
      if (!response.contentType().isEmpty()) {
        exchange.getResponseHeaders().set("content-type", response.contentType());
      }
      response.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      int length = response.body().size();
      exchange.sendResponseHeaders(response.status(), length == 0 ? -1 : length);
      if (length > 0) {
        response.body().writeTo(exchange.getResponseBody());
      }
    }
  }

  private static final class ClientCertificates extends HttpsConfigurator {
    ClientCertificates(SSLContext context) {
      super(context);
    }

    @Override
    public void configure(HttpsParameters parameters) {
      SSLParameters tls = getSSLContext().getDefaultSSLParameters();
      tls.setNeedClientAuth(true);
      parameters.setSSLParameters(tls);
    }
  }
}
