package dev.musa.e2e;

import java.util.Map;

/** The GPU metric of the users' platform. */
final class GpuSample {
  /** Its labels, as its exporter sets them. */
  static final Map<String, String> LABELS =
      Map.ofEntries(
          Map.entry("DCGM_FI_DRIVER_VERSION", "550.127.08"),
          Map.entry("Hostname", "melchior"),
          Map.entry("UUID", "GPU-b3ea62f8-2bd1-5416-4a5d-f4a65b2522e2"),
          Map.entry("container", "prediction"),
          Map.entry("device", "nvidia0"),
          Map.entry("gpu", "0"),
          Map.entry("instance", "10.42.0.155:9400"),
          Map.entry("job", "gpu-metrics"),
          Map.entry("kubernetes_node", "melchior"),
          Map.entry("modelName", "NVIDIA L40S"),
          Map.entry("namespace", "rainfall"),
          Map.entry("pci_bus_id", "00000000:01:00.0"),
          Map.entry("pod", "prediction-0"));

  private GpuSample() {}
}
