package dev.musa.runtime.http;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import java.util.function.Supplier;

/**
 * The HTTP server for probes, without data: {@code /livez} answers 200 as long as the process does,
 * whatever it depends on; {@code /readyz} answers 200 or 503 with the reasons.
 */
public final class HealthServer implements Service {

  private final HttpServer server;

  /**
   * A server that asks for the health of the process at each {@code /readyz}.
   *
   * @param health such as {@code services::health}
   */
  public HealthServer(ListenAddress address, Supplier<Health> health) {
    this.server = new HttpServer("health", address);
    server.route("/livez", _ -> HttpAnswer.text(200, "ok"));
    server.route("/readyz", _ -> readiness(health.get()));
  }

  /** The port in use, also where 0 was asked for. */
  public int port() {
    return server.port();
  }

  @Override
  public String name() {
    return "health";
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

  private static HttpAnswer readiness(Health health) {
    return HttpAnswer.text(health.ready() ? 200 : 503, health.detail());
  }
}
