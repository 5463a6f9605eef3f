package dev.musa.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes through MUSA can be queried back from Tempo, Loki and Prometheus themselves: from those
 * that the environment names, else from containers. Names and ids are new in each run, so that
 * servers can be used again.
 */
class RealBackendsIT {
  private static final Duration ARRIVAL = Duration.ofSeconds(90);
  private static final Duration READY = Duration.ofMinutes(3);
  private static final String TENANT = "default";
  private static final int GPU_SAMPLES = 5;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path directory;
  private final Random random = new Random();
  private final String run = HexFormat.of().toHexDigits(random.nextInt());

  @Test
  void tempo_hasEverySpanOfEveryTrace() throws Exception {
    try (Server tempo = Server.tempo()) {
      Installation musa = Installation.in(directory);
      try (MusaProcess _ = musa.run("--tempo", tempo.ingest().toString())) {
        Map<ByteString, List<ServiceSpan>> sent = sendTraces(musa.ports(), 20);

        for (var trace : sent.entrySet()) {
          URI query = tempo.query("/api/traces/" + hex(trace.getKey()));
          awaitDelivery(
              musa,
              "trace " + hex(trace.getKey()),
              () -> trace(query),
              spans -> spans.size() >= trace.getValue().size());
          assertThat(trace(query)).containsExactlyInAnyOrderElementsOf(trace.getValue());
        }
        awaitAllDelivered(musa, sent.values().stream().mapToInt(List::size).sum());
      }
    }
  }

  @Test
  void loki_hasEveryLineWithItsSeverity() throws Exception {
    try (Server loki = Server.loki()) {
      Installation musa = Installation.in(directory);
      try (MusaProcess _ = musa.run("--loki", loki.ingest().toString())) {
        Instant now = Instant.now();
        String service = "musa-e2e-" + run;
        List<LogRecord> sent = logRecords(now, 240);
        assertThat(Traces.post(musa.ports(), "logs", logs(service, sent).toByteArray()))
            .isEqualTo(200);

        Set<Line> expected = new HashSet<>();
        sent.forEach(record -> expected.add(Line.of(service, record)));
        URI query =
            loki.query(
                "/loki/api/v1/query_range?limit=1000&start=%s&end=%s&query=%s"
                    .formatted(
                        nanos(now.minusSeconds(600)),
                        nanos(now.plusSeconds(60)),
                        encode("{service_name=\"" + service + "\"}")));
        awaitDelivery(musa, "lines", () -> lines(query), lines -> lines.size() >= sent.size());
        assertThat(lines(query)).containsExactlyInAnyOrderElementsOf(expected);
        awaitAllDelivered(musa, sent.size());
      }
    }
  }

  @Test
  void prometheus_hasTheGpuSampleWithItsLabels() throws Exception {
    try (Server prometheus = Server.prometheus()) {
      Installation musa = Installation.in(directory);
      try (MusaProcess _ = musa.run("--prometheus", prometheus.ingest().toString())) {
        Instant now = Instant.now();
        String name = "DCGM_FI_DEV_GPU_UTIL_" + run;
        String identified = name + "_identified";
        Resource exporter =
            Resource.newBuilder()
                .addAttributes(Traces.attribute("service.name", "dcgm-exporter"))
                .addAttributes(Traces.attribute("service.namespace", "gpu"))
                .addAttributes(Traces.attribute("service.instance.id", "dcgm-exporter-x2k"))
                .build();
        MetricsData sent =
            MetricsData.newBuilder()
                .addResourceMetrics(metrics(Resource.getDefaultInstance(), name, now))
                .addResourceMetrics(metrics(exporter, identified, now))
                .build();
        assertThat(Traces.post(musa.ports(), "metrics", sent.toByteArray())).isEqualTo(200);

        // A resource that names a service names job and instance too; only then do they change.
        Map<String, String> ofExporter = new HashMap<>(GpuSample.LABELS);
        ofExporter.put("job", "gpu/dcgm-exporter");
        ofExporter.put("instance", "dcgm-exporter-x2k");
        assertSeries(musa, prometheus, name, GpuSample.LABELS, now);
        assertSeries(musa, prometheus, identified, ofExporter, now);
        awaitAllDelivered(musa, 2 * GPU_SAMPLES);
      }
    }
  }

  private static void assertSeries(
      Installation musa, Server prometheus, String name, Map<String, String> labels, Instant now) {
    Map<String, String> metric = new TreeMap<>(labels);
    metric.put("__name__", name);
    Map<Long, String> samples = new TreeMap<>();
    for (int i = 0; i < GPU_SAMPLES; i++) {
      samples.put(gpuTime(now, i).toEpochMilli(), Integer.toString(gpuValue(i)));
    }
    URI query =
        prometheus.query(
            "/api/v1/query?time=" + now.getEpochSecond() + "&query=" + encode(name + "[10m]"));
    awaitDelivery(
        musa,
        name,
        () -> series(query),
        found -> !found.isEmpty() && found.getFirst().samples().size() >= samples.size());
    assertThat(series(query)).containsExactly(new Series(metric, samples));
  }

  /** Traces of two services, the parts of each in requests of their own. */
  private Map<ByteString, List<ServiceSpan>> sendTraces(Ports ports, int count) throws Exception {
    Map<ByteString, List<ServiceSpan>> sent = new HashMap<>();
    for (int i = 0; i < count; i++) {
      ByteString trace = Traces.newTraceId(random);
      boolean failed = i % 4 == 0;
      Span root = span(trace, ByteString.EMPTY, Span.SpanKind.SPAN_KIND_SERVER, "checkout", failed);
      List<Span> calls =
          List.of(
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_CLIENT, "charge", failed),
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_PRODUCER, "notify", false),
              span(trace, root.getSpanId(), Span.SpanKind.SPAN_KIND_INTERNAL, "price", false));
      post(ports, "payment", calls);
      post(ports, "shop", List.of(root));
      List<ServiceSpan> spans = new ArrayList<>();
      calls.forEach(call -> spans.add(ServiceSpan.of("payment", call)));
      spans.add(ServiceSpan.of("shop", root));
      sent.put(trace, spans);
    }
    return sent;
  }

  private static void post(Ports ports, String service, List<Span> spans) throws Exception {
    assertThat(Traces.post(ports, "traces", Traces.request(service, spans).toByteArray()))
        .isEqualTo(200);
  }

  private Span span(
      ByteString trace, ByteString parent, Span.SpanKind kind, String name, boolean error) {
    Span.Builder span =
        Traces.span(random, trace, name, Duration.ofMillis(12), error).toBuilder()
            .setParentSpanId(parent)
            .setKind(kind)
            .addAttributes(Traces.attribute("http.route", "/" + name))
            .addAttributes(attribute("retries", AnyValue.newBuilder().setIntValue(3)))
            .addAttributes(attribute("share", AnyValue.newBuilder().setDoubleValue(0.25)))
            .addAttributes(attribute("cached", AnyValue.newBuilder().setBoolValue(true)));
    span.addEvents(
        Span.Event.newBuilder()
            .setName("started")
            .setTimeUnixNano(span.getStartTimeUnixNano() + 1_000_000)
            .addAttributes(Traces.attribute("thread", "main")));
    return span.build();
  }

  private static KeyValue attribute(String key, AnyValue.Builder value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  /** A line every 10 ms up to now, each severity in turn. */
  private static List<LogRecord> logRecords(Instant now, int count) {
    List<LogRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SeverityNumber severity = SeverityNumber.forNumber(1 + i % 24);
      records.add(
          LogRecord.newBuilder()
              .setTimeUnixNano(nanos(now) - TimeUnit.MILLISECONDS.toNanos(10L * (count - i)) + i)
              .setSeverityNumber(severity)
              .setSeverityText(severity.name().substring("SEVERITY_NUMBER_".length()))
              .setBody(AnyValue.newBuilder().setStringValue("line " + i + ": \"größer\" {a=b}"))
              .addAttributes(Traces.attribute("http.route", "/cart/" + i % 7))
              .build());
    }
    return records;
  }

  private static LogsData logs(String service, List<LogRecord> records) {
    return LogsData.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .setResource(
                    Resource.newBuilder().addAttributes(Traces.attribute("service.name", service)))
                .addScopeLogs(ScopeLogs.newBuilder().addAllLogRecords(records)))
        .build();
  }

  private static ResourceMetrics metrics(Resource resource, String name, Instant now) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < GPU_SAMPLES; i++) {
      NumberDataPoint.Builder point =
          NumberDataPoint.newBuilder()
              .setTimeUnixNano(nanos(gpuTime(now, i)))
              .setAsDouble(gpuValue(i));
      GpuSample.LABELS.forEach((key, value) -> point.addAttributes(Traces.attribute(key, value)));
      gauge.addDataPoints(point);
    }
    return ResourceMetrics.newBuilder()
        .setResource(resource)
        .addScopeMetrics(
            ScopeMetrics.newBuilder().addMetrics(Metric.newBuilder().setName(name).setGauge(gauge)))
        .build();
  }

  private static Instant gpuTime(Instant now, int sample) {
    return now.minusSeconds(15L * (GPU_SAMPLES - sample));
  }

  private static int gpuValue(int sample) {
    return 40 + 7 * sample;
  }

  /** A span, and the service of the resource that it stands under. */
  private record ServiceSpan(String service, Span span) {
    /** Without what a block does not keep: the order of attributes. */
    static ServiceSpan of(String service, Span span) {
      List<KeyValue> attributes = new ArrayList<>(span.getAttributesList());
      attributes.sort(Comparator.comparing(KeyValue::getKey));
      return new ServiceSpan(
          service, span.toBuilder().clearAttributes().addAllAttributes(attributes).build());
    }

    static List<ServiceSpan> of(ResourceSpans resource) {
      String service =
          resource.getResource().getAttributesList().stream()
              .filter(attribute -> attribute.getKey().equals("service.name"))
              .map(attribute -> attribute.getValue().getStringValue())
              .findFirst()
              .orElse("");
      return resource.getScopeSpansList().stream()
          .flatMap(scope -> scope.getSpansList().stream())
          .map(span -> of(service, span))
          .toList();
    }
  }

  /** A trace as Tempo has it, empty while it has none; its protobuf is that of TracesData. */
  private static List<ServiceSpan> trace(URI query) {
    HttpResponse<byte[]> response = get(query, "application/protobuf");
    if (response.statusCode() == 404) {
      return List.of();
    }
    assertThat(response.statusCode()).as("%s: %s", query, text(response)).isEqualTo(200);
    try {
      return TracesData.parseFrom(response.body()).getResourceSpansList().stream()
          .flatMap(resource -> ServiceSpan.of(resource).stream())
          .toList();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(query + " is not a trace: " + text(response), e);
    }
  }

  private record Line(
      String service, long time, String line, String number, String text, String route) {
    static Line of(String service, LogRecord record) {
      return new Line(
          service,
          record.getTimeUnixNano(),
          record.getBody().getStringValue(),
          Integer.toString(record.getSeverityNumberValue()),
          record.getSeverityText(),
          record.getAttributes(0).getValue().getStringValue());
    }
  }

  /** Lines as Loki has them; a stream's labels include what a line's metadata says. */
  private static List<Line> lines(URI query) {
    List<Line> lines = new ArrayList<>();
    for (JsonNode stream : result(query)) {
      JsonNode labels = stream.path("stream");
      for (JsonNode value : stream.path("values")) {
        lines.add(
            new Line(
                labels.path("service_name").asString(""),
                Long.parseLong(value.get(0).asString()),
                value.get(1).asString(),
                labels.path("severity_number").asString(""),
                labels.path("severity_text").asString(""),
                labels.path("http_route").asString("")));
      }
    }
    return lines;
  }

  private record Series(Map<String, String> labels, Map<Long, String> samples) {}

  private static List<Series> series(URI query) {
    List<Series> found = new ArrayList<>();
    for (JsonNode each : result(query)) {
      Map<String, String> labels = new TreeMap<>();
      each.path("metric")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asString()));
      Map<Long, String> samples = new TreeMap<>();
      for (JsonNode value : each.path("values")) {
        samples.put(Math.round(value.get(0).asDouble() * 1000), value.get(1).asString());
      }
      found.add(new Series(labels, samples));
    }
    return found;
  }

  private static JsonNode result(URI query) {
    HttpResponse<byte[]> response = get(query, "application/json");
    assertThat(response.statusCode()).as("%s: %s", query, text(response)).isEqualTo(200);
    return JSON.readTree(response.body()).path("data").path("result");
  }

  private static HttpResponse<byte[]> get(URI query, String accept) {
    HttpRequest request =
        HttpRequest.newBuilder(query)
            .timeout(Duration.ofSeconds(30))
            .header("Accept", accept)
            .header("X-Scope-OrgID", TENANT)
            .build();
    try {
      return HTTP.send(request, BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError("no answer from " + query + ": " + e, e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), UTF_8);
  }

  private static <T> void awaitDelivery(
      Installation musa,
      String what,
      Supplier<? extends Collection<T>> query,
      Predicate<List<T>> complete) {
    Await.until(
        what,
        ARRIVAL,
        () -> complete.test(List.copyOf(query.get())),
        () -> query.get() + "; MUSA counts " + counts(musa));
  }

  /** What a backend shows MUSA may not have counted yet: it counts what the backend answered. */
  private static void awaitAllDelivered(Installation musa, int items) {
    Await.until(
        items + " items counted as delivered",
        ARRIVAL,
        () -> count(musa, "delivered") == items,
        () -> counts(musa));
    assertThat(counts(musa)).noneMatch(line -> line.contains("outcome=\"deadlettered\""));
  }

  private static double count(Installation musa, String outcome) {
    return musa.sum("musa_items_total{", "outcome=\"" + outcome + "\"");
  }

  private static List<String> counts(Installation musa) {
    return musa.metrics().lines().filter(line -> line.startsWith("musa_items_total{")).toList();
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** Where a backend takes data and where it answers queries; a container of ours ends with it. */
  private record Server(URI ingest, URI queries, Runnable stop) implements AutoCloseable {
    private static final int TEMPO_OTLP = 4317;
    private static final int TEMPO_API = 3200;
    private static final int LOKI = 3100;
    private static final int PROMETHEUS = 9090;

    static Server tempo() {
      String url = configured("tempo", "MUSA_E2E_TEMPO_URL");
      if (!url.isEmpty()) {
        URI ingest = URI.create(url);
        String queries = environment("MUSA_E2E_TEMPO_QUERY_URL");
        return new Server(
            ingest,
            URI.create(
                queries.isEmpty() ? "http://" + ingest.getHost() + ":" + TEMPO_API : queries),
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
      return new Server(url(container, TEMPO_OTLP), url(container, TEMPO_API), container::stop);
    }

    static Server loki() {
      String url = configured("loki", "MUSA_E2E_LOKI_URL");
      if (!url.isEmpty()) {
        return new Server(URI.create(url), URI.create(url), () -> {});
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
      return new Server(url(container, LOKI), url(container, LOKI), container::stop);
    }

    static Server prometheus() {
      String url = configured("prometheus", "MUSA_E2E_PROMETHEUS_URL");
      if (!url.isEmpty()) {
        return new Server(URI.create(url), URI.create(url), () -> {});
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
      return new Server(url(container, PROMETHEUS), url(container, PROMETHEUS), container::stop);
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
    private static String configured(String backend, String variable) {
      String url = environment(variable);
      if (url.isEmpty()) {
        Skip.unlessDocker("RealBackendsIT." + backend + " (" + variable + " is not set)");
      }
      return url;
    }

    private static String environment(String variable) {
      String value = System.getenv(variable);
      return value == null ? "" : value.strip();
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
}
