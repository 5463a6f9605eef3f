package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example rules and the demo, as the README starts them: what the demo says that it sent, what
 * MUSA counts and what lies in the output are the same.
 */
class DemoIT {
  private static final Path RULES = Path.of("..", "examples", "rules");
  private static final Duration DEMO = Duration.ofMinutes(3);
  private static final Duration DRAIN = Duration.ofSeconds(90);
  private static final Duration LEDGER = Duration.ofSeconds(30);
  private static final Duration SLOW = Duration.ofMillis(500);
  private static final int TRACES = 2_000;

  /** What is less likely than this is taken for a fault; four such questions are asked. */
  private static final double UNLIKELY = 0.25e-6;

  @TempDir Path directory;

  @Test
  void whatTheDemoSent_isWhatMusaCounts_andWhatTheRulesKeepOfItIsInTheOutput() throws Exception {
    Installation musa = Installation.in(directory);
    try (MusaProcess process = musa.run("--rules", RULES.toString())) {
      DemoFigures sent = demo(musa);
      Map<Signal, Long> accepted =
          Map.of(
              Signal.TRACES, sent.spans(),
              Signal.LOGS, sent.logRecords(),
              Signal.METRICS, sent.points());
      accepted.forEach((signal, items) -> awaitAllAccountedFor(musa, signal, items));
      Map<ByteString, SentTrace> traces = SentTrace.all(musa);
      Map<Signal, Long> kept = new HashMap<>();
      accepted.keySet().forEach(signal -> kept.put(signal, musa.items(signal, "processed")));
      // Else nothing shows that errors are exempt.
      assertThat(musa.items(Signal.LOGS, "limited")).isPositive();
      Await.until(
          "the metrics that the dashboards show",
          LEDGER,
          () -> ExportedMetrics.missingIn(musa.metrics()).isEmpty(),
          () -> ExportedMetrics.missingIn(musa.metrics()));
      assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();

      OutputFiles output = new OutputFiles(musa.output());
      assertSame(traces, sent);
      assertTraces(traces, output.spans(), kept.get(Signal.TRACES));
      List<SeverityNumber> logs =
          output.logRecords().stream().map(LogRecord::getSeverityNumber).toList();
      assertThat((long) logs.size()).isEqualTo(kept.get(Signal.LOGS));
      assertThat(logs.stream().filter(SeverityNumber.SEVERITY_NUMBER_ERROR::equals).count())
          .as("ERROR logs")
          .isEqualTo(sent.errorLogRecords());
      assertThat(output.metrics().stream().mapToLong(DemoIT::points).sum())
          .isEqualTo(kept.get(Signal.METRICS));
      assertThat(output.metrics().stream().map(Metric::getName))
          .contains("DCGM_FI_DEV_GPU_UTIL")
          .noneMatch(name -> name.startsWith("go_gc_"));
    }
  }

  /** As a user runs it, but faster, so that limits are reached. */
  private static DemoFigures demo(Installation musa) {
    String endpoint = "http://127.0.0.1:" + musa.ports().grpc();
    String traces = Integer.toString(TRACES);
    try (MusaProcess demo =
        MusaProcess.start("demo", "--endpoint", endpoint, "--rate", "200", "--traces", traces)) {
      assertThat(demo.awaitExit(DEMO)).as(demo.output().toString()).isZero();
      return DemoFigures.of(demo.output());
    }
  }

  /** Every item that was sent is counted once as kept or with the rule that took it. */
  private static void awaitAllAccountedFor(Installation musa, Signal signal, long sent) {
    Await.until(
        sent + " " + signal.label() + " accounted for",
        DRAIN,
        () ->
            musa.items(signal, "accepted") == sent
                && musa.items(signal, "processed")
                        + musa.items(signal, "dropped")
                        + musa.items(signal, "limited")
                        + musa.items(signal, "sampled_out")
                    == sent
                && musa.items(signal, "delivered") == musa.items(signal, "processed"),
        () ->
            musa.metrics()
                .lines()
                .filter(line -> line.startsWith("musa_items_total{") && !line.endsWith(" 0.0"))
                .toList());
  }

  /** The raw topic, from which the rest is judged, holds what the demo says. */
  private static void assertSame(Map<ByteString, SentTrace> traces, DemoFigures sent) {
    assertThat(sent.traces()).isEqualTo(TRACES);
    Collection<SentTrace> all = traces.values();
    assertThat(all.size()).isEqualTo(TRACES);
    assertThat(all.stream().mapToLong(trace -> trace.spans().size()).sum()).isEqualTo(sent.spans());
    assertThat(count(all, SentTrace::failed)).isEqualTo(sent.errorTraces());
    assertThat(count(all, trace -> trace.longerThan(SLOW))).isEqualTo(sent.slowTraces());
    assertThat(count(all, trace -> trace.failed() && trace.longerThan(SLOW)))
        .isEqualTo(sent.errorAndSlowTraces());
    assertThat(count(all, SentTrace::isProbe)).isEqualTo(sent.probes());
  }

  private static long count(Collection<SentTrace> traces, Predicate<SentTrace> which) {
    return traces.stream().filter(which).count();
  }

  private static void assertTraces(Map<ByteString, SentTrace> sent, List<Span> spans, long kept) {
    assertThat((long) spans.size()).isEqualTo(kept);
    Map<ByteString, Set<ByteString>> arrived = new HashMap<>();
    for (Span span : spans) {
      arrived.computeIfAbsent(span.getTraceId(), _ -> new HashSet<>()).add(span.getSpanId());
    }
    arrived.forEach(
        (trace, ids) -> assertThat(ids).as("whole").isEqualTo(sent.get(trace).spanIds()));

    Set<ByteString> always = new HashSet<>();
    Set<ByteString> checkouts = new HashSet<>();
    Set<ByteString> others = new HashSet<>();
    sent.forEach((id, trace) -> {
      if (trace.isProbe()) {
        assertThat(arrived).as("health checks").doesNotContainKey(id);
      } else if (trace.failed() || trace.longerThan(SLOW)) {
        always.add(id);
      } else if (trace.services().contains("checkout")) {
        checkouts.add(id);
      } else {
        others.add(id);
      }
    });
    assertThat(arrived.keySet()).as("error and slow traces").containsAll(always);
    assertShare("checkouts", arrived.keySet(), checkouts, 0.5);
    assertShare("others", arrived.keySet(), others, 0.05);
  }

  /** Trace ids are random, so the share is near the probability, not equal to it. */
  private static void assertShare(
      String what, Set<ByteString> arrived, Set<ByteString> candidates, double probability) {
    int kept = (int) candidates.stream().filter(arrived::contains).count();
    String description = kept + " of " + candidates.size() + " " + what + " at " + probability;
    System.out.println("demo: kept " + description);
    Binomial chance = new Binomial(candidates.size(), probability);
    assertThat(chance.atMost(kept)).as(description + ": so few").isGreaterThan(UNLIKELY);
    assertThat(chance.atLeast(kept)).as(description + ": so many").isGreaterThan(UNLIKELY);
  }

  private static int points(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> metric.getGauge().getDataPointsCount();
      case SUM -> metric.getSum().getDataPointsCount();
      case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
      case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
      case SUMMARY -> metric.getSummary().getDataPointsCount();
      case DATA_NOT_SET -> 0;
    };
  }
}
