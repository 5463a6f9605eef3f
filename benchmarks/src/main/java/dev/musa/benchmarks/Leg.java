package dev.musa.benchmarks;

/** Which processes run while it is measured. */
enum Leg {
  /** OTLP to Kafka, and nobody reads. */
  INTAKE,
  /** A backlog on Kafka to the backend, and nothing comes in. */
  DRAIN,
  /** Everything at once. */
  LINE
}
