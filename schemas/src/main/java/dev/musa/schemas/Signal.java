package dev.musa.schemas;

import java.util.Locale;

/** One of the three kinds of telemetry that MUSA carries. */
public enum Signal {
  TRACES,
  LOGS,
  METRICS;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in topics, metric labels, paths and rule files: {@code traces}. */
  public String label() {
    return label;
  }
}
