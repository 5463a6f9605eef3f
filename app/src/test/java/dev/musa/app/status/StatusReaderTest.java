package dev.musa.app.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.status.Status.Flow;
import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class StatusReaderTest {
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochMilli(10_000));

  private final MeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void flows_sumWhatTheStagesCounted() {
    count("collector", "logs", "accepted", "", 10);
    count("collector", "logs", "refused", "id", 1);
    count("processors", "logs", "processed", "", 5);
    count("processors", "logs", "dropped", "a", 2);
    count("processors", "logs", "limited", "b", 1);
    count("processors", "logs", "deadlettered", "x", 2);
    count("sink:files", "logs", "delivered", "", 4);
    count("sink:loki", "logs", "delivered", "", 3);
    count("sink:loki", "logs", "deadlettered", "", 1);
    count("processors", "traces", "sampled_out", "rest", 7);
    count("sink:loki", "logs", "expired", "", 6);

    Status status = reader(() -> Long.MAX_VALUE).read("none", List.of());

    assertThat(status.flows())
        .containsExactly(
            new Flow(Signal.TRACES, 0, 0, 7, 0, 0, 0, 0),
            new Flow(Signal.LOGS, 10, 5, 3, 3, 1, 3, 6),
            new Flow(Signal.METRICS, 0, 0, 0, 0, 0, 0, 0));
    assertThat(status.oldestUndelivered()).isNull();
  }

  @Test
  void oldestUndelivered_isThatOfTheSlowestPart() {
    Status status = reader(() -> 9_000, () -> 8_500, () -> Long.MAX_VALUE).read("none", List.of());

    assertThat(status.oldestUndelivered()).isEqualTo(Duration.ofMillis(1_500));
  }

  @Test
  void flows_ofAbsentStagesAreElsewhere() {
    StatusReader collector =
        new StatusReader(
            new FlowReport(registry),
            Set.of(StatusReader.COLLECTOR),
            Map.of(Signal.LOGS, List.of("files")),
            List.of(),
            CLOCK);
    count("collector", "logs", "accepted", "", 3);

    long elsewhere = Status.ELSEWHERE;
    assertThat(collector.read("none", List.of()).flows())
        .contains(new Flow(Signal.LOGS, 3, elsewhere, elsewhere, elsewhere, 0, 0, 0));
  }

  private StatusReader reader(LongSupplier... oldest) {
    return new StatusReader(
        new FlowReport(registry),
        Set.of(StatusReader.COLLECTOR, StatusReader.PROCESSORS, StatusReader.SINK),
        Map.of(Signal.LOGS, List.of("files", "loki")),
        List.of(oldest),
        CLOCK);
  }

  private void count(String stage, String signal, String outcome, String reason, long items) {
    new FlowCounters(registry, stage).count("t", signal, outcome, reason, items, 0);
  }
}
