package dev.musa.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlowCountersTest {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final FlowCounters collector = new FlowCounters(registry, "collector");

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  @Test
  void count_addsToItemsAndBytesOfItsLabels() {
    collector.count("acme", "traces", "accepted", "", 50, 22_000);
    collector.count("acme", "traces", "accepted", "", 10, 4_000);
    collector.count("acme", "traces", "refused", "empty trace id", 1, 0);

    assertThat(lines("musa_"))
        .containsExactlyInAnyOrder(
            "musa_items_total{outcome=\"accepted\",reason=\"\",signal=\"traces\","
                + "stage=\"collector\",tenant=\"acme\"} 60.0",
            "musa_bytes_total{outcome=\"accepted\",reason=\"\",signal=\"traces\","
                + "stage=\"collector\",tenant=\"acme\"} 26000.0",
            "musa_items_total{outcome=\"refused\",reason=\"empty trace id\",signal=\"traces\","
                + "stage=\"collector\",tenant=\"acme\"} 1.0",
            "musa_bytes_total{outcome=\"refused\",reason=\"empty trace id\",signal=\"traces\","
                + "stage=\"collector\",tenant=\"acme\"} 0.0");
  }

  @Test
  void count_ofTheSameLabelsByTwoInstancesAddsUp() {
    collector.count("acme", "logs", "accepted", "", 1, 1);
    new FlowCounters(registry, "collector").count("acme", "logs", "accepted", "", 2, 2);

    assertThat(new FlowReport(registry).items("collector", "logs", "accepted")).isEqualTo(3);
  }

  @Test
  void count_fromSeveralThreadsLosesNothing() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int i = 0; i < 10_000; i++) {
                  collector.count("tenant" + i % 7, "logs", "accepted", "", 1, 2);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    FlowReport report = new FlowReport(registry);
    assertThat(report.items("collector", "logs", "accepted")).isEqualTo(40_000);
    assertThat(report.bytes("collector", "logs", "accepted")).isEqualTo(80_000);
  }

  @Test
  void count_ofKnownLabelsAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().threadId();
    for (int i = 0; i < 1000; i++) {
      collector.count("acme", "traces", "accepted", "", 1, 1);
    }

    long before = threads.getThreadAllocatedBytes(id);
    for (int i = 0; i < 10_000; i++) {
      collector.count("acme", "traces", "accepted", "", 1, 1);
    }
    long allocated = threads.getThreadAllocatedBytes(id) - before;

    // A single object per call would be at least 160 000 bytes.
    assertThat(allocated).isLessThan(10_000);
  }

  @Test
  void count_refusesNegativeFigures() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> collector.count("acme", "traces", "accepted", "", -1, 0))
        .withMessage("items is -1 and bytes is 0 (expected: 0 or more)");
    assertThat(lines("musa_")).isEmpty();
  }

  @Test
  void report_sumsOverTenantsReasonsAndStagesWithThePrefix() {
    FlowCounters tempo = new FlowCounters(registry, "sink:tempo");
    FlowCounters files = new FlowCounters(registry, "sink:files");
    tempo.count("acme", "traces", "delivered", "", 5, 50);
    tempo.count("umbrella", "traces", "delivered", "", 7, 70);
    tempo.count("acme", "traces", "deadlettered", "too old", 1, 10);
    tempo.count("acme", "traces", "deadlettered", "too large", 2, 20);
    files.count("acme", "traces", "delivered", "", 11, 110);
    files.count("acme", "logs", "delivered", "", 13, 130);
    collector.count("acme", "traces", "delivered", "", 1000, 1000);
    FlowReport report = new FlowReport(registry);

    assertThat(report.items("sink:tempo", "traces", "delivered")).isEqualTo(12);
    assertThat(report.items("sink:", "traces", "delivered")).isEqualTo(23);
    assertThat(report.bytes("sink:", "traces", "delivered")).isEqualTo(230);
    assertThat(report.items("sink:", "traces", "deadlettered")).isEqualTo(3);
    assertThat(report.items("sink:", "metrics", "delivered")).isZero();
  }

  private List<String> lines(String prefix) {
    return registry.scrape().lines().filter(line -> line.startsWith(prefix)).toList();
  }
}
