package dev.musa.sinks;

import dev.musa.runtime.config.DataSize;
import dev.musa.sinks.backend.EndpointConfig;
import dev.musa.sinks.backend.OtlpConfig;
import dev.musa.sinks.files.FilesConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which sinks there are; without any in the configuration, files. */
public record SinksConfig(
    FilesConfig files,
    EndpointConfig tempo,
    EndpointConfig loki,
    EndpointConfig prometheus,
    List<OtlpConfig> otlp,
    DeliveryConfig delivery) {

  public SinksConfig {
    otlp = List.copyOf(otlp);
    Set<String> names = new HashSet<>(Set.of("files", "tempo", "loki", "prometheus"));
    for (var each : otlp) {
      if (!names.add(each.name())) {
        throw new IllegalArgumentException(
            "otlp has two sinks named "
                + each.name()
                + ", or one named like a built-in one (expected: a name of its own for each)");
      }
      if (each.endpoint() == null) {
        throw new IllegalArgumentException(
            "otlp: the sink "
                + each.name()
                + " has no endpoint (expected: endpoint: http://HOST:PORT or https://HOST:PORT)");
      }
    }
  }

  public static SinksConfig defaults() {
    return new SinksConfig(
        FilesConfig.defaults(),
        // Tempo takes 4 MiB by default.
        EndpointConfig.off("{tenant}", DataSize.ofMebibytes(2)),
        // Loki counts a resource's attributes once per entry: 1 MiB here may be many times that.
        EndpointConfig.off("{tenant}", new DataSize(768 << 10)),
        // One bad sample loses a whole request, so requests stay small. Prometheus has no tenants.
        EndpointConfig.off("", DataSize.ofMebibytes(1)),
        List.of(),
        DeliveryConfig.defaults());
  }

  /** Whether the files sink is on: as configured, else if there is no other. */
  public boolean filesEnabled() {
    var enabled = files.enabled();
    return enabled != null
        ? enabled
        : tempo.endpoint() == null
            && loki.endpoint() == null
            && prometheus.endpoint() == null
            && otlp.isEmpty();
  }
}
