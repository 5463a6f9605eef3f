package dev.musa.benchmarks.leg;

/** Where MUSA delivers to. */
public enum SinkKind {
  /** The bench's backend, by OTLP. */
  OTLP,
  /** Files in the data directory. */
  FILES,
  /** Nowhere: no sinks run. */
  NONE
}
