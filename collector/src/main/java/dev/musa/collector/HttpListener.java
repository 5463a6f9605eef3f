package dev.musa.collector;

import java.io.IOException;
import java.time.Duration;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.VirtualThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves OTLP/HTTP, by HTTP/1.1 and by HTTP/2 without TLS (prior knowledge or upgrade). */
final class HttpListener {
  static final String KEY = "collector.http";

  private static final Logger log = LoggerFactory.getLogger(HttpListener.class);

  /** Longer than the interval at which metrics are usually sent: connections stay. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  /** Connections on which nothing is going on do not hold up the stop. */
  private static final Duration IDLE_TIMEOUT_WHEN_STOPPING = Duration.ofMillis(100);

  private final CollectorConfig.Endpoint endpoint;
  private final Server server;
  private final ServerConnector connector;

  HttpListener(CollectorConfig.Endpoint endpoint, Handler handler) {
    this.endpoint = endpoint;
    VirtualThreadPool threads = new VirtualThreadPool();
    threads.setName("collector-http");
    // The budget bounds the requests; a limit here would hold back their refusals too.
    threads.setMaxConcurrentTasks(0);
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector =
        new ServerConnector(
            server, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
    connector.setHost(endpoint.host());
    connector.setPort(endpoint.port());
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setShutdownIdleTimeout(IDLE_TIMEOUT_WHEN_STOPPING.toMillis());
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(handler));
  }

  void start() {
    BindFailure.address(KEY, endpoint);
    try {
      connector.open();
    } catch (IOException e) {
      throw BindFailure.of(KEY, endpoint, e);
    }
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server of the collector does not start", e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Takes no new requests, waits for those in flight, then ends those that are left. */
  void close(Duration timeout) {
    server.setStopTimeout(timeout.toMillis());
    try {
      server.stop();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("the HTTP server of the collector did not stop cleanly");
    }
    connector.close();
  }
}
