package dev.musa.processors.traces;

import dev.musa.processors.stages.UnitOfWork;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What the loop counts.
 *
 * @param flow items by what happened to them, counted when their transaction has committed
 * @param late spans that came after the decision on their trace, which they follow
 * @param early traces decided before their time, because too many waited
 * @param forgotten decisions forgotten before their time, because too many were remembered
 * @param restarts sessions that ended by an error
 */
record LoopCounters(
    UnitOfWork.CountSink flow, Counter late, Counter early, Counter forgotten, Counter restarts) {

  static LoopCounters of(UnitOfWork.CountSink flow, MeterRegistry metrics) {
    return new LoopCounters(
        flow,
        counter(metrics, "late.spans", "Spans that came after the decision on their trace"),
        counter(metrics, "early.traces", "Traces decided early because too many waited"),
        counter(
            metrics,
            "forgotten.traces",
            "Decisions forgotten early because too many were remembered"),
        counter(metrics, "restarts", "Trace sessions that ended by an error and began again"));
  }

  private static Counter counter(MeterRegistry metrics, String name, String description) {
    return Counter.builder("musa.sampler." + name).description(description).register(metrics);
  }
}
