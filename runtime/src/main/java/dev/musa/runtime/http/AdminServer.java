package dev.musa.runtime.http;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Function;

/**
 * The HTTP server for those who run the process: {@code /metrics}, and what {@link #route} adds. It
 * shows data and knows no users, so it belongs on loopback.
 */
public final class AdminServer implements Service {

  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;

  public AdminServer(ListenAddress address, PrometheusMeterRegistry registry) {
    this.server = new HttpServer("admin", address);
    route("/metrics", query -> metrics(registry, query));
  }

  /**
   * Answers GET at this path; also after the start.
   *
   * @throws IllegalArgumentException if the path is taken
   */
  public void route(String path, Function<HttpQuery, HttpAnswer> route) {
    server.route(path, route);
  }

  /** The port in use, also where 0 was asked for. */
  public int port() {
    return server.port();
  }

  @Override
  public String name() {
    return "admin";
  }

  @Override
  public void start() {
    server.start();
  }

  @Override
  public void close() {
    server.stop();
  }

  @Override
  public Health health() {
    return server.isRunning() ? Health.ok() : Health.notReady("not listening");
  }

  private static HttpAnswer metrics(PrometheusMeterRegistry registry, HttpQuery query) {
    String type = query.accept().contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
    return new HttpAnswer(200, type, registry.scrape(type));
  }
}
