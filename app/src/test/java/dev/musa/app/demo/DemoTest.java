package dev.musa.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.demo.Sent.Figures;
import dev.musa.app.terminal.Output;
import dev.musa.app.terminal.StopSignal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DemoTest {
  private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

  private final MemoryEndpoint endpoint = new MemoryEndpoint();
  private final StringWriter out = new StringWriter();

  @Test
  void figures_areWhatTheEndpointHolds() {
    Figures sent = play(300);

    Map<String, List<SpanData>> traces =
        endpoint.spans.stream().collect(Collectors.groupingBy(SpanData::getTraceId));
    assertThat(sent.complete()).isTrue();
    assertThat(sent.traces()).isEqualTo(300).isEqualTo(traces.size());
    assertThat(sent.spans()).isEqualTo(endpoint.spans.size());
    assertThat(sent.errorTraces())
        .isPositive()
        .isEqualTo(count(traces, spans -> spans.stream().anyMatch(DemoTest::isError)));
    assertThat(sent.slowTraces()).isPositive().isEqualTo(count(traces, DemoTest::isSlow));
    assertThat(sent.logRecords()).isEqualTo(endpoint.logRecords.size());
    assertThat(sent.logRecordsBySeverity().get(Severity.ERROR))
        .isEqualTo(
            endpoint.logRecords.stream()
                .filter(line -> line.getSeverity() == Severity.ERROR)
                .count());
    assertThat(sent.points())
        .isEqualTo(
            endpoint.metrics.stream()
                .mapToLong(metric -> metric.getData().getPoints().size())
                .sum());
  }

  @Test
  void traces_runOverSeveralServicesWithOneRoot() {
    play(100);

    Map<String, List<SpanData>> traces =
        endpoint.spans.stream().collect(Collectors.groupingBy(SpanData::getTraceId));
    assertThat(traces.values())
        .allSatisfy(spans -> {
          Set<String> ids = spans.stream().map(SpanData::getSpanId).collect(Collectors.toSet());
          assertThat(spans.stream().filter(span -> !ids.contains(span.getParentSpanId())))
              .hasSize(1);
        });
    assertThat(traces.values())
        .anyMatch(spans ->
            spans.stream().map(span -> span.getResource().getAttribute(SERVICE)).distinct().count()
                == 4);
  }

  @Test
  void gpuGauge_hasExactlyTheLabelsOfThePlatform() {
    play(1);

    assertThat(endpoint.metrics)
        .filteredOn(metric -> metric.getName().equals("DCGM_FI_DEV_GPU_UTIL"))
        .isNotEmpty()
        .allSatisfy(metric ->
            assertThat(metric.getDoubleGaugeData().getPoints())
                .singleElement()
                .satisfies(point ->
                    assertThat(labels(point.getAttributes().asMap()))
                        .containsExactlyInAnyOrderEntriesOf(GPU_LABELS)));
  }

  @Test
  void refusedRequests_areNotCalledSent() {
    endpoint.refuse = items -> items.iterator().next() instanceof SpanData;

    Figures sent = play(20);

    assertThat(sent.traces()).isZero();
    assertThat(sent.spans()).isZero();
    assertThat(sent.refusedTraces()).isEqualTo(20);
    assertThat(sent.refusedSpans()).isPositive();
    assertThat(sent.logRecords()).isPositive();
    assertThat(sent.complete()).isFalse();
    assertThat(out.toString())
        .contains("NOT acknowledged: " + sent.refusedSpans() + " spans (20 traces")
        .contains("last answer: disk full");
  }

  @Test
  void stopRequest_endsThePlayButNotTheCounting() {
    StopSignal stop = new StopSignal();
    stop.request();

    Figures sent = demo(new Demo.Script(1_000, null, Duration.ofMinutes(5))).run(stop);

    assertThat(sent.complete()).isTrue();
    assertThat(out.toString()).contains("sent in").contains("acknowledged by it:");
  }

  @Test
  void due_followsTheRateUpToTheLimits() {
    Demo.Script timed = new Demo.Script(20, null, Duration.ofSeconds(30));
    Demo.Script counted = new Demo.Script(0.5, 2L, null);

    assertThat(timed.due(Duration.ofMillis(1_049))).isEqualTo(20);
    assertThat(timed.due(Duration.ofSeconds(31))).isEqualTo(600);
    assertThat(timed.isOver(Duration.ofMillis(29_999), 599)).isFalse();
    assertThat(timed.isOver(Duration.ofSeconds(30), 600)).isTrue();
    assertThat(counted.due(Duration.ofMinutes(1))).isEqualTo(2);
    assertThat(counted.isOver(Duration.ofSeconds(4), 1)).isFalse();
    assertThat(counted.isOver(Duration.ofSeconds(4), 2)).isTrue();
  }

  private Figures play(long traces) {
    return demo(new Demo.Script(1_000_000, traces, null)).run(new StopSignal());
  }

  private Demo demo(Demo.Script script) {
    Output output = new Output(new PrintWriter(out), new PrintWriter(out), false);
    return new Demo(script, endpoint, InstantSource.system(), new Random(1), output);
  }

  private static boolean isError(SpanData span) {
    return span.getStatus().getStatusCode() == StatusCode.ERROR;
  }

  private static boolean isSlow(List<SpanData> spans) {
    long start = spans.stream().mapToLong(SpanData::getStartEpochNanos).min().orElseThrow();
    long end = spans.stream().mapToLong(SpanData::getEndEpochNanos).max().orElseThrow();
    return end - start > 500_000_000L;
  }

  private static long count(Map<String, List<SpanData>> traces, Predicate<List<SpanData>> which) {
    return traces.values().stream().filter(which).count();
  }

  private static Map<String, Object> labels(Map<AttributeKey<?>, Object> attributes) {
    return attributes.entrySet().stream()
        .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
  }

  private static final Map<String, Object> GPU_LABELS =
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
}
