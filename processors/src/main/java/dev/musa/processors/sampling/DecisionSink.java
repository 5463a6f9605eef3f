package dev.musa.processors.sampling;

/** Takes each decision at the moment at which it is made. */
public interface DecisionSink {

  /** The spans, duration and conditions are those that pass one had seen by then. */
  void decided(
      long traceIdHigh,
      long traceIdLow,
      Outcome outcome,
      int spans,
      long durationNanos,
      long conditionsSeen);
}
