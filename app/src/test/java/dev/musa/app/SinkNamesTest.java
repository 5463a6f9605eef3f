package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.config.MusaConfig;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.sinks.SinksConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SinkNamesTest {
  @Test
  void withoutBackendsFilesTakeEverything() {
    for (Signal signal : Signal.values()) {
      assertThat(SinkNames.of(SinksConfig.defaults(), signal)).containsExactly("files");
    }
  }

  @Test
  void eachBackendTakesItsSignal() {
    SinksConfig sinks =
        ConfigReader.read(
                "musa.yaml",
                """
                sinks:
                  tempo: {endpoint: "http://tempo:4317"}
                  prometheus: {endpoint: "http://prometheus:9090"}
                  otlp:
                    - {name: archive, endpoint: "http://archive:4317", signals: [traces, logs]}
                """,
                MusaConfig.defaults())
            .sinks();

    assertThat(SinkNames.of(sinks, Signal.TRACES)).containsExactly("tempo", "archive");
    assertThat(SinkNames.of(sinks, Signal.LOGS)).containsExactly("archive");
    assertThat(SinkNames.of(sinks, Signal.METRICS)).containsExactly("prometheus");
  }

  @Test
  void readers_areTheGroupsThatHaveToPassARecord() {
    Map<String, Set<String>> readers =
        SinkNames.readers(SinksConfig.defaults(), new Topics("musa"), new Groups("musa"));

    assertThat(readers)
        .isEqualTo(
            Map.ofEntries(
                Map.entry("musa.traces.raw", Set.of("musa-traces")),
                Map.entry("musa.logs.raw", Set.of("musa-processors")),
                Map.entry("musa.metrics.raw", Set.of("musa-processors")),
                Map.entry("musa.logs.waiting", Set.of("musa-processors")),
                Map.entry("musa.metrics.waiting", Set.of("musa-processors")),
                Map.entry("musa.traces", Set.of("musa-sink-files")),
                Map.entry("musa.logs", Set.of("musa-sink-files")),
                Map.entry("musa.metrics", Set.of("musa-sink-files")),
                Map.entry("musa.traces.redrive", Set.of("musa-sink-files")),
                Map.entry("musa.logs.redrive", Set.of("musa-sink-files")),
                Map.entry("musa.metrics.redrive", Set.of("musa-sink-files")),
                Map.entry("musa.traces.decisions", Set.of()),
                Map.entry("musa.deadletter", Set.of())));
    assertThat(List.copyOf(readers.keySet())).doesNotContain("musa.rules");
  }
}
