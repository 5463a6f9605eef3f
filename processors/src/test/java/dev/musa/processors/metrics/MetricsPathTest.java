package dev.musa.processors.metrics;

import static dev.musa.processors.Otlp.gauge;
import static dev.musa.processors.Otlp.metrics;
import static dev.musa.processors.Otlp.parseMetrics;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.PathDriver;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsPathTest {
  /** The label set of a GPU exporter; each label has to arrive unharmed. */
  private static final Map<String, String> GPU =
      Map.ofEntries(
          entry("DCGM_FI_DRIVER_VERSION", "550.127.08"),
          entry("Hostname", "melchior"),
          entry("UUID", "GPU-b3ea62f8-2bd1-5416-4a5d-f4a65b2522e2"),
          entry("container", "prediction"),
          entry("device", "nvidia0"),
          entry("gpu", "0"),
          entry("instance", "10.42.0.155:9400"),
          entry("job", "gpu-metrics"),
          entry("kubernetes_node", "melchior"),
          entry("modelName", "NVIDIA L40S"),
          entry("namespace", "rainfall"),
          entry("pci_bus_id", "00000000:01:00.0"),
          entry("pod", "prediction-0"));

  private @TempDir Path directory;
  private PathDriver path;

  @AfterEach
  void close() {
    path.close();
  }

  @Test
  void example_dropsTheInternalsOfGoWhole_andLeavesTheRestAsItWas() {
    start(PathDriver.example(directory));
    Metric utilisation = gauge("DCGM_FI_DEV_GPU_UTIL", 2);

    send(metrics(GPU, gauge("go_gc_duration_seconds", 3), utilisation, gauge("go_gcx", 1)), 6);

    assertThat(parseMetrics(path.kept())).isEqualTo(metrics(GPU, utilisation, gauge("go_gcx", 1)));
    assertThat(path.counted())
        .containsOnly(
            entry("acme metrics dropped no-go-internals", 3L), entry("acme metrics processed", 3L));
  }

  @Test
  void example_nothingLeft_writesNothing() {
    start(PathDriver.example(directory));

    send(metrics(Map.of(), gauge("go_gc_duration_seconds", 3)), 3);

    assertThat(path.keptNothing()).isTrue();
    assertThat(path.counted()).containsOnly(entry("acme metrics dropped no-go-internals", 3L));
  }

  @Test
  void noRules_keepTheSameBytes() {
    start(RuleSet.EMPTY);
    MetricsData input = metrics(GPU, gauge("DCGM_FI_DEV_GPU_UTIL", 2));

    send(input, 2);

    assertThat(path.kept()).isEqualTo(input.toByteArray());
    assertThat(path.counted()).containsOnly(entry("acme metrics processed", 2L));
  }

  private void start(RuleSet rules) {
    path = new PathDriver(Signal.METRICS, MetricsPath::addTo, _ -> rules, directory);
  }

  private void send(MetricsData metrics, int points) {
    path.send(metrics.toByteArray(), points, 1_000);
  }
}
