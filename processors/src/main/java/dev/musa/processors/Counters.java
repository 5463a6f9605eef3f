package dev.musa.processors;

import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.UnitOfWork.CountSink;
import dev.musa.runtime.metrics.FlowCounters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The counters of the processors. */
final class Counters implements CountSink {
  private final FlowCounters flow;
  private final MeterRegistry registry;

  Counters(MeterRegistry registry) {
    this.flow = new FlowCounters(registry, Outcomes.STAGE);
    this.registry = registry;
  }

  @Override
  public void count(
      String tenant, String signal, String outcome, String reason, long items, long bytes) {
    flow.count(tenant, signal, outcome, reason, items, bytes);
  }

  @Override
  public void countUnenriched(String tenant, String signal, String reason, long items) {
    Counter.builder("musa.kubernetes.unenriched.items")
        .description("Items of pods that went on without what Kubernetes knows of their pod")
        .tag("tenant", tenant)
        .tag("signal", signal)
        .tag("reason", reason)
        .register(registry)
        .increment((double) items);
  }
}
