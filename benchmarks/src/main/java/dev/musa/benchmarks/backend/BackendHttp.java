package dev.musa.benchmarks.backend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.musa.schemas.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * OTLP over HTTP, and how the bench asks: {@code GET /stats}, {@code POST /reset}, {@code POST
 * /window/begin}, {@code POST /window/end}.
 */
final class BackendHttp implements AutoCloseable {
  private static final int OK = 200;
  private static final byte[] NOTHING = {};

  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("http-", 0).factory());
  private final JsonMapper json = JsonMapper.shared();

  BackendHttp(int port, Backend backend) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(threads);
    for (Signal signal : Signal.values()) {
      server.createContext("/v1/" + signal.label(), exchange -> take(exchange, signal, backend));
    }
    server.createContext(
        "/stats",
        exchange -> answer(exchange, json.writeValueAsString(backend.stats()).getBytes(UTF_8)));
    on("/reset", backend::reset);
    on("/window/begin", backend::beginWindow);
    on("/window/end", backend::endWindow);
    server.start();
  }

  private void on(String path, Runnable action) {
    server.createContext(
        path,
        exchange -> {
          action.run();
          answer(exchange, NOTHING);
        });
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void take(HttpExchange exchange, Signal signal, Backend backend)
      throws IOException {
    try (InputStream body = exchange.getRequestBody()) {
      String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
      backend.count(signal, "gzip".equals(encoding) ? new GZIPInputStream(body) : body);
    }
    exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
    answer(exchange, NOTHING);
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(OK, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
