package dev.musa.app.status;

import dev.musa.app.status.Status.Flow;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sums up the counters of this process's stages. */
public final class StatusReader {
  public static final String COLLECTOR = "collector";
  public static final String PROCESSORS = "processors";
  public static final String SINK = "sink:";

  private final FlowReport report;
  private final Set<String> stages;
  private final Map<Signal, List<String>> sinks;
  private final List<LongSupplier> oldestPending;
  private final InstantSource clock;

  /**
   * @param stages those that run in this process
   * @param sinks the names of the sinks of each signal
   * @param oldestPending of each reading part: when the oldest record that it holds came in, {@link
   *     Long#MAX_VALUE} if it holds none
   */
  public StatusReader(
      FlowReport report,
      Set<String> stages,
      Map<Signal, List<String>> sinks,
      List<LongSupplier> oldestPending,
      InstantSource clock) {
    this.report = report;
    this.stages = Set.copyOf(stages);
    this.sinks = Map.copyOf(sinks);
    this.oldestPending = List.copyOf(oldestPending);
    this.clock = clock;
  }

  /** The state now, with what others know about rules and troubles. */
  public Status read(String rules, List<String> troubles) {
    List<Flow> flows = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      flows.add(flow(signal));
    }
    return new Status(flows, oldestUndelivered(), rules, troubles);
  }

  private Flow flow(Signal signal) {
    String label = signal.label();
    return new Flow(
        signal,
        here(COLLECTOR, label, "accepted"),
        here(PROCESSORS, label, "processed"),
        here(PROCESSORS, label, "dropped", "limited", "sampled_out"),
        stages.contains(SINK) ? delivered(signal) : Status.ELSEWHERE,
        report.items(COLLECTOR, label, "refused"),
        report.items(PROCESSORS, label, "deadlettered") + report.items(SINK, label, "deadlettered"),
        report.items(PROCESSORS, label, "expired") + report.items(SINK, label, "expired"));
  }

  private long here(String stage, String signal, String... outcomes) {
    if (!stages.contains(stage)) {
      return Status.ELSEWHERE;
    }
    long sum = 0;
    for (String outcome : outcomes) {
      sum += report.items(stage, signal, outcome);
    }
    return sum;
  }

  /** What every sink of the signal has delivered: the fewest of them. */
  private long delivered(Signal signal) {
    return sinks.getOrDefault(signal, List.of()).stream()
        .mapToLong(name -> report.items(SINK + name, signal.label(), "delivered"))
        .min()
        .orElse(0);
  }

  private @Nullable Duration oldestUndelivered() {
    long oldest =
        oldestPending.stream().mapToLong(LongSupplier::getAsLong).min().orElse(Long.MAX_VALUE);
    return oldest == Long.MAX_VALUE ? null : Duration.ofMillis(clock.millis() - oldest);
  }
}
