package dev.musa.processors.metrics;

import static dev.musa.processors.Otlp.attributes;
import static dev.musa.processors.Otlp.metrics;
import static dev.musa.processors.Otlp.parseMetrics;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.Otlp;
import dev.musa.processors.PathDriver;
import dev.musa.processors.enrich.PodFixtures;
import dev.musa.processors.enrich.TestPods;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import dev.musa.schemas.metadata.Pod;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Data points of a GPU exporter on their way to the pods that use the GPUs. */
class JoinedMetricsPathTest {
  private static final long T = 1_700_000_000_000L;
  private static final Map<String, String> EXPORTER =
      Map.of("service.name", "dcgm-exporter", "service.instance.id", "10.42.0.155:9400");

  /** The labels of a GPU that a pod uses. */
  private static final Map<String, String> GPU =
      Map.ofEntries(
          entry("DCGM_FI_DRIVER_VERSION", "550.127.08"),
          entry("Hostname", "melchior"),
          entry("UUID", "GPU-b3ea62f8-2bd1-5416-4a5d-f4a65b2522e2"),
          entry("container", "prediction"),
          entry("device", "nvidia0"),
          entry("gpu", "0"),
          entry("kubernetes_node", "melchior"),
          entry("modelName", "NVIDIA L40S"),
          entry("namespace", "rainfall"),
          entry("pci_bus_id", "00000000:01:00.0"),
          entry("pod", "prediction-0"));

  private static final Map<String, String> ADDED =
      Map.of(
          "k8s.pod.uid", "u1",
          "k8s.pod.name", "prediction-0",
          "k8s.namespace.name", "rainfall",
          "k8s.node.name", "melchior",
          "k8s.statefulset.name", "prediction",
          "k8s.container.name", "prediction",
          "service.name", "prediction",
          "service.namespace", "rainfall");

  private final TestPods pods = new TestPods();
  private @TempDir Path directory;
  private PathDriver path;

  @BeforeEach
  void watch() {
    pods.put(
        new Pod(
            PodFixtures.CLUSTER,
            "u1",
            "prediction-0",
            "rainfall",
            "melchior",
            List.of(),
            false,
            T - 60_000,
            0,
            Map.of(
                "k8s.cluster.name", PodFixtures.CLUSTER,
                "k8s.pod.uid", "u1",
                "k8s.pod.name", "prediction-0",
                "k8s.pod.start_time", "2023-11-14T22:12:20Z",
                "k8s.namespace.name", "rainfall",
                "k8s.node.name", "melchior",
                "k8s.statefulset.name", "prediction",
                "service.name", "prediction",
                "service.namespace", "rainfall"),
            List.of(
                new Pod.Container(
                    "prediction",
                    List.of(new Pod.Run("c1", 0)),
                    Map.of("k8s.container.name", "prediction", "service.version", "2"))),
            List.of()));
    pods.seenTo(PodFixtures.CLUSTER, T);
  }

  @AfterEach
  void close() {
    path.close();
  }

  @Test
  void example_joinsAGpuToThePodThatUsesIt_andLeavesTheExporterItsResource() {
    start(PathDriver.example(directory));

    send(gauge("DCGM_FI_DEV_GPU_UTIL", GPU), gauge("up", GPU));

    var kept = parseMetrics(path.kept()).getResourceMetrics(0);
    assertThat(attributes(kept.getResource().getAttributesList()))
        .containsAllEntriesOf(EXPORTER)
        .doesNotContainKey("k8s.pod.uid");
    assertThat(points(kept.getScopeMetrics(0).getMetricsList()))
        .containsExactly(joined(GPU), new TreeMap<>(GPU));
    assertThat(path.counted()).containsOnly(entry("acme metrics processed", 2L));
    assertThat(path.unenriched()).isEmpty();
  }

  @Test
  void withoutWhen_allThatNameAPodAreJoined_andTheOthersLeftAlone() {
    start("- {name: all, join: {pod: attributes.pod, namespace: attributes.namespace}}");
    Map<String, String> idle = Map.of("gpu", "1", "pod", "", "namespace", "");

    send(gauge("a", GPU, idle), gauge("b", Map.of(), GPU));

    Map<String, String> withoutContainer = joined(GPU);
    withoutContainer.remove("k8s.container.name");
    assertThat(keptPoints()).containsExactly(withoutContainer, idle, Map.of(), withoutContainer);
    path.counted();
    assertThat(path.unenriched()).isEmpty();
  }

  @Test
  void thePointOfAnUnknownPod_goesOnAtOnce_andIsCountedIfItIsNotDropped() {
    start(
        """
        - {name: all, join: {pod: attributes.pod, namespace: attributes.namespace}}
        - {name: no-idle, when: attributes.gpu == "9", drop: point}
        """);
    Map<String, String> unknown = Map.of("pod", "gone", "namespace", "rainfall");
    Map<String, String> dropped = Map.of("pod", "gone", "namespace", "rainfall", "gpu", "9");

    send(gauge("a", unknown, dropped, unknown));

    assertThat(keptPoints()).containsExactly(unknown, unknown);
    assertThat(path.counted())
        .containsOnly(
            entry("acme metrics processed", 2L), entry("acme metrics dropped no-idle", 1L));
    assertThat(path.unenriched()).containsOnly(entry("metrics unknown", 2L));
  }

  @Test
  void aPointWhoseSenderIsUnknownToo_isCountedOnce() {
    start("- {name: all, join: {pod: attributes.pod, namespace: attributes.namespace}}");

    path.send(
        metrics(
                Map.of("k8s.pod.uid", "nobody"),
                gauge("a", Map.of("pod", "gone", "namespace", "rainfall"), GPU))
            .toByteArray(),
        2,
        T);

    assertThat(keptPoints().get(1)).containsEntry("k8s.pod.uid", "u1");
    path.counted();
    assertThat(path.unenriched()).containsOnly(entry("metrics unknown", 2L));
  }

  @Test
  void laterStepsDoNotSeeWhatWasAdded() {
    start(
        """
        - {name: all, join: {pod: attributes.pod, namespace: attributes.namespace}}
        - {name: d, when: 'has(attributes["k8s.pod.uid"])', drop: point}
        - {name: h, hash: ['attributes["k8s.pod.name"]', attributes.UUID]}
        """);

    send(gauge("a", GPU));

    assertThat(keptPoints().getFirst())
        .containsEntry("k8s.pod.name", "prediction-0")
        .hasEntrySatisfying("UUID", hashed -> assertThat(hashed).matches("[0-9a-f]{64}"));
  }

  @Test
  void ofSeveralSteps_theFirstWhoseAttributesAreThereCounts_alsoIfItFindsNoPod() {
    start(
        """
        - {name: own, join: {pod: attributes.exported_pod, namespace: attributes.exported_namespace}}
        - {name: plain, join: {pod: attributes.pod, namespace: attributes.namespace}}
        - {name: again, join: {pod: attributes.pod, namespace: attributes.namespace}}
        """);
    Map<String, String> other = new TreeMap<>(GPU);
    other.putAll(Map.of("exported_pod", "gone", "exported_namespace", "rainfall"));

    send(gauge("a", GPU, other));

    List<Map<String, String>> kept = keptPoints();
    assertThat(kept.getFirst()).containsEntry("k8s.pod.uid", "u1");
    assertThat(kept.get(1)).isEqualTo(other);
    path.counted();
    assertThat(path.unenriched()).containsOnly(entry("metrics unknown", 1L));
  }

  private void start(String steps) {
    start(PathDriver.rules("metrics:\n" + steps, directory));
  }

  private void start(RuleSet rules) {
    path = new PathDriver(Signal.METRICS, MetricsPath::addTo, _ -> rules, pods.index(), directory);
  }

  private void send(Metric... metrics) {
    int points = 0;
    for (Metric metric : metrics) {
      points += metric.getGauge().getDataPointsCount();
    }
    path.send(metrics(EXPORTER, metrics).toByteArray(), points, T);
  }

  private List<Map<String, String>> keptPoints() {
    return points(
        parseMetrics(path.kept()).getResourceMetrics(0).getScopeMetrics(0).getMetricsList());
  }

  private static List<Map<String, String>> points(List<Metric> metrics) {
    return metrics.stream()
        .flatMap(metric -> metric.getGauge().getDataPointsList().stream())
        .map(point -> {
          assertThat(point.getAttributesList())
              .extracting(KeyValue::getKey)
              .doesNotHaveDuplicates();
          return attributes(point.getAttributesList());
        })
        .toList();
  }

  private static Map<String, String> joined(Map<String, String> sent) {
    Map<String, String> all = new TreeMap<>(sent);
    all.putAll(ADDED);
    return all;
  }

  @SafeVarargs
  private static Metric gauge(String name, Map<String, String>... points) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (Map<String, String> labels : points) {
      NumberDataPoint.Builder point = NumberDataPoint.newBuilder().setAsInt(97);
      labels.forEach((key, value) ->
          point.addAttributes(KeyValue.newBuilder().setKey(key).setValue(Otlp.text(value))));
      gauge.addDataPoints(point);
    }
    return Metric.newBuilder().setName(name).setGauge(gauge).build();
  }
}
