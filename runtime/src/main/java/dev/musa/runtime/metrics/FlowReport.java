package dev.musa.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Sums what all {@link FlowCounters} of a registry have counted, over tenants and reasons: for a
 * status line, not for a hot path.
 */
public final class FlowReport {

  private final MeterRegistry registry;

  public FlowReport(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Items with this outcome at the stages whose names begin so, such as {@code sink:}. */
  public long items(String stagePrefix, String signal, String outcome) {
    return sum(FlowCounters.ITEMS, stagePrefix, signal, outcome);
  }

  /** Bytes with this outcome at the stages whose names begin so. */
  public long bytes(String stagePrefix, String signal, String outcome) {
    return sum(FlowCounters.BYTES, stagePrefix, signal, outcome);
  }

  private long sum(String name, String stagePrefix, String signal, String outcome) {
    double sum = 0;
    for (Counter counter :
        registry.find(name).tag("signal", signal).tag("outcome", outcome).counters()) {
      String stage = counter.getId().getTag("stage");
      if (stage != null && stage.startsWith(stagePrefix)) {
        sum += counter.count();
      }
    }
    return Math.round(sum);
  }
}
