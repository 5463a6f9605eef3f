package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What goes through MUSA can be queried back from Prometheus itself. */
class RealPrometheusIT {
  private static final int GPU_SAMPLES = 5;

  @TempDir Path directory;
  private final String run = HexFormat.of().toHexDigits(new Random().nextInt());

  @Test
  void prometheus_hasTheGpuSampleWithItsLabels() throws Exception {
    try (BackendServer prometheus = BackendServer.prometheus()) {
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
        Deliveries.awaitAllDelivered(musa, 2 * GPU_SAMPLES);
      }
    }
  }

  private static void assertSeries(
      Installation musa,
      BackendServer prometheus,
      String name,
      Map<String, String> labels,
      Instant now) {
    Map<String, String> metric = new TreeMap<>(labels);
    metric.put("__name__", name);
    Map<Long, String> samples = new TreeMap<>();
    for (int i = 0; i < GPU_SAMPLES; i++) {
      samples.put(gpuTime(now, i).toEpochMilli(), Integer.toString(gpuValue(i)));
    }
    URI query =
        prometheus.query(
            "/api/v1/query?time="
                + now.getEpochSecond()
                + "&query="
                + BackendQuery.encode(name + "[10m]"));
    Deliveries.awaitDelivery(
        musa,
        name,
        () -> series(query),
        found -> !found.isEmpty() && found.getFirst().samples().size() >= samples.size());
    assertThat(series(query)).containsExactly(new Series(metric, samples));
  }

  private static ResourceMetrics metrics(Resource resource, String name, Instant now) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < GPU_SAMPLES; i++) {
      NumberDataPoint.Builder point =
          NumberDataPoint.newBuilder()
              .setTimeUnixNano(BackendQuery.nanos(gpuTime(now, i)))
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

  private record Series(Map<String, String> labels, Map<Long, String> samples) {}

  private static List<Series> series(URI query) {
    List<Series> found = new ArrayList<>();
    for (JsonNode each : BackendQuery.result(query)) {
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
}
