package dev.musa.e2e;

import java.net.URI;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * Where a backend takes data and where it answers queries: one that the environment names, else a
 * container, which ends with it. A named one can be used again, because names and ids in the tests
 * are new in each run.
 */
record BackendServer(URI ingest, URI queries, Runnable stop) implements AutoCloseable {
  private static final Duration READY = Duration.ofMinutes(3);
  private static final int TEMPO_OTLP = 4317;
  private static final int TEMPO_API = 3200;
  private static final int LOKI = 3100;
  private static final int PROMETHEUS = 9090;

  static BackendServer tempo() {
    String url = configured("RealTempoIT", "MUSA_E2E_TEMPO_URL");
    if (!url.isEmpty()) {
      URI ingest = URI.create(url);
      String queries = Environment.variable("MUSA_E2E_TEMPO_QUERY_URL");
      return new BackendServer(
          ingest,
          URI.create(queries.isEmpty() ? "http://" + ingest.getHost() + ":" + TEMPO_API : queries),
          () -> {});
    }
    var container =
        container("grafana/tempo:2.10.8", "/ready", TEMPO_API, TEMPO_OTLP)
            .withCopyToContainer(
                Transferable.of(
                    """
                    server: {http_listen_port: 3200}
                    distributor:
                      receivers: {otlp: {protocols: {grpc: {endpoint: "0.0.0.0:4317"}}}}
                    storage:
                      trace:
                        backend: local
                        wal: {path: /var/tempo/wal}
                        local: {path: /var/tempo/blocks}
                    usage_report: {reporting_enabled: false}
                    """),
                "/etc/musa-tempo.yaml")
            .withCommand("-config.file=/etc/musa-tempo.yaml");
    container.start();
    return new BackendServer(
        url(container, TEMPO_OTLP), url(container, TEMPO_API), container::stop);
  }

  static BackendServer loki() {
    String url = configured("RealLokiIT", "MUSA_E2E_LOKI_URL");
    if (!url.isEmpty()) {
      return new BackendServer(URI.create(url), URI.create(url), () -> {});
    }
    var container =
        container("grafana/loki:3.7.6", "/ready", LOKI)
            .withCopyToContainer(
                Transferable.of(
                    """
                    auth_enabled: false
                    server: {http_listen_port: 3100}
                    common:
                      instance_addr: 127.0.0.1
                      path_prefix: /loki
                      replication_factor: 1
                      ring: {kvstore: {store: inmemory}}
                      storage:
                        filesystem: {chunks_directory: /loki/chunks, rules_directory: /loki/rules}
                    schema_config:
                      configs:
                        - from: 2020-10-24
                          store: tsdb
                          object_store: filesystem
                          schema: v13
                          index: {prefix: index_, period: 24h}
                    analytics: {reporting_enabled: false}
                    """),
                "/etc/loki/musa.yaml")
            .withCommand("-config.file=/etc/loki/musa.yaml");
    container.start();
    return new BackendServer(url(container, LOKI), url(container, LOKI), container::stop);
  }

  static BackendServer prometheus() {
    String url = configured("RealPrometheusIT", "MUSA_E2E_PROMETHEUS_URL");
    if (!url.isEmpty()) {
      return new BackendServer(URI.create(url), URI.create(url), () -> {});
    }
    var container =
        container("prom/prometheus:v3.14.0", "/-/ready", PROMETHEUS)
            .withCopyToContainer(
                Transferable.of("storage: {tsdb: {out_of_order_time_window: 30m}}\n"),
                "/etc/prometheus/musa.yml")
            .withCommand(
                "--config.file=/etc/prometheus/musa.yml",
                "--storage.tsdb.path=/prometheus",
                "--web.enable-otlp-receiver");
    container.start();
    return new BackendServer(
        url(container, PROMETHEUS), url(container, PROMETHEUS), container::stop);
  }

  private static GenericContainer<?> container(
      String image, String ready, int readyPort, int... more) {
    GenericContainer<?> container = new GenericContainer<>(image);
    container.addExposedPort(readyPort);
    for (int port : more) {
      container.addExposedPort(port);
    }
    return container.waitingFor(Wait.forHttp(ready).forPort(readyPort).withStartupTimeout(READY));
  }

  private static URI url(GenericContainer<?> container, int port) {
    return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port));
  }

  /** The configured URL, or an empty text where a container can stand for it; else skips. */
  private static String configured(String test, String variable) {
    String url = Environment.variable(variable);
    if (url.isEmpty()) {
      Skip.unlessDocker(test + " (" + variable + " is not set)");
    }
    return url;
  }

  URI query(String path) {
    String base = queries.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  @Override
  public void close() {
    stop.run();
  }
}
