package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.tls.TlsConfig;
import dev.musa.sinks.testing.Certificates;
import dev.musa.sinks.testing.HttpStub;
import dev.musa.sinks.testing.LokiStub;
import dev.musa.sinks.testing.PrometheusStub;
import dev.musa.sinks.testing.Telemetry;
import dev.musa.sinks.testing.TempoStub;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Delivery to Tempo, Loki and Prometheus over mutual TLS; they answer and refuse as the real ones
 * do.
 */
class BackendsIT extends OnEachKafka {
  private static final Duration ARRIVAL = Duration.ofSeconds(60);
  private static final int ITEMS = 30;

  @TempDir Path directory;

  @Test
  void everythingArrives_aRefusedItemAlone_andADeadBackendHoldsNobodyUp() throws Exception {
    Certificates certificates = new Certificates(Files.createDirectories(directory.resolve("tls")));
    try (TempoStub tempo = new TempoStub(certificates);
        LokiStub loki = new LokiStub(certificates.serverContext());
        PrometheusStub prometheus = new PrometheusStub(certificates.serverContext())) {
      Installation musa =
          kafka.install(
              directory,
              "sinks:\n  delivery: {retryMax: 2s}\n"
                  + sink("tempo", tempo.url(), certificates.client())
                  + sink("loki", loki.url(), certificates.client())
                  + sink("prometheus", prometheus.url(), certificates.client()));
      // Longer down than the test sends, so that logs wait while the others go on.
      loki.answerNext(8, HttpStub.Response.text(503, "not ready"));
      try (MusaProcess process = musa.run()) {
        List<Span> spans = sendSpans(musa.ports());
        assertThat(Traces.post(musa.ports(), "logs", logs().toByteArray())).isEqualTo(200);
        assertThat(Traces.post(musa.ports(), "metrics", metrics().toByteArray())).isEqualTo(200);

        await("spans", () -> tempo.stored().size() >= spans.size(), tempo::stored);
        await("points", () -> prometheus.samples().size() >= ITEMS, prometheus::samples);
        await("lines", () -> loki.lines("default").size() >= ITEMS, () -> loki.lines("default"));
        await("the dead letter", () -> deadLetters(musa) >= 1, musa::metrics);

        assertThat(tempo.stored())
            .containsExactlyInAnyOrderElementsOf(spans.stream().map(Span::getName).toList());
        assertThat(prometheus.samples()).hasSize(ITEMS).doesNotContainKey("guilty");
        assertThat(loki.lines("default")).hasSize(ITEMS);
        assertThat(deadLetters(musa)).isEqualTo(1);
        assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
      }
    }
  }

  private static void await(
      String what,
      java.util.function.BooleanSupplier condition,
      java.util.function.Supplier<?> seen) {
    Await.until(what, ARRIVAL, condition, seen);
  }

  private static double deadLetters(Installation musa) {
    return musa.sum("musa_items_total{", "outcome=\"deadlettered\"");
  }

  private static String sink(String name, URI url, TlsConfig tls) {
    return "  %s: {endpoint: \"%s\", tls: {certificate: \"%s\", key: \"%s\", ca: \"%s\"}}\n"
        .formatted(name, url, tls.certificate(), tls.key(), tls.ca());
  }

  private static List<Span> sendSpans(Ports ports) throws InterruptedException {
    Random random = new Random(9);
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < ITEMS; i++) {
      spans.add(
          Traces.span(random, Traces.newTraceId(random), "s" + i, Duration.ofMillis(1), false));
    }
    assertThat(Traces.post(ports, "traces", Traces.request("shop", spans).toByteArray()))
        .isEqualTo(200);
    return spans;
  }

  private static LogsData logs() {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int i = 0; i < ITEMS; i++) {
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setTimeUnixNano(TimeUnit.MILLISECONDS.toNanos(Telemetry.NOW_MILLI))
              .setBody(Traces.attribute("", "line " + i).getValue()));
    }
    return LogsData.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().addScopeLogs(scope))
        .build();
  }

  /** Gauges, and among them a delta sum, for which Prometheus refuses the whole request. */
  private static MetricsData metrics() {
    ScopeMetrics.Builder scope = ScopeMetrics.newBuilder();
    for (int i = 0; i < ITEMS; i++) {
      scope.addMetrics(
          Metric.newBuilder()
              .setName("gauge_" + i)
              .setGauge(Gauge.newBuilder().addDataPoints(point("series " + i))));
      if (i == ITEMS / 3) {
        scope.addMetrics(
            Metric.newBuilder()
                .setName("delta")
                .setSum(
                    Sum.newBuilder()
                        .setAggregationTemporality(
                            AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(point("guilty"))));
      }
    }
    return MetricsData.newBuilder()
        .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
        .build();
  }

  private static NumberDataPoint point(String series) {
    return NumberDataPoint.newBuilder()
        .addAttributes(Traces.attribute("id", series))
        .setTimeUnixNano(TimeUnit.MILLISECONDS.toNanos(Telemetry.NOW_MILLI))
        .setAsDouble(1)
        .build();
  }
}
