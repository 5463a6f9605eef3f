package dev.musa.app.demo;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.concurrent.ThreadLocalRandom;

/** The GPU's gauges as its exporter labels them. */
final class Gpu {
  static final Attributes LABELS =
      Attributes.builder()
          .put("DCGM_FI_DRIVER_VERSION", "550.127.08")
          .put("Hostname", "melchior")
          .put("UUID", "GPU-b3ea62f8-2bd1-5416-4a5d-f4a65b2522e2")
          .put("container", "prediction")
          .put("device", "nvidia0")
          .put("gpu", "0")
          .put("instance", "10.42.0.155:9400")
          .put("job", "gpu-metrics")
          .put("kubernetes_node", "melchior")
          .put("modelName", "NVIDIA L40S")
          .put("namespace", "rainfall")
          .put("pci_bus_id", "00000000:01:00.0")
          .put("pod", "prediction-0")
          .build();

  private Gpu() {}

  static void observe(Meter meter) {
    gauge(meter, "DCGM_FI_DEV_GPU_UTIL", 35, 99);
    gauge(meter, "DCGM_FI_DEV_MEM_COPY_UTIL", 10, 60);
    gauge(meter, "DCGM_FI_DEV_FB_USED", 30_000, 46_000);
    gauge(meter, "DCGM_FI_DEV_GPU_TEMP", 48, 71);
    gauge(meter, "DCGM_FI_DEV_POWER_USAGE", 90, 340);
  }

  private static void gauge(Meter meter, String name, double low, double high) {
    meter
        .gaugeBuilder(name)
        .buildWithCallback(
            value -> value.record(ThreadLocalRandom.current().nextDouble(low, high), LABELS));
  }
}
