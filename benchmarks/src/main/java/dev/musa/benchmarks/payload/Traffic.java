package dev.musa.benchmarks.payload;

import dev.musa.schemas.Signal;
import java.util.Locale;

/** Which signals are sent. */
public enum Traffic {
  TRACES,
  LOGS,
  METRICS,
  MIXED;

  public boolean contains(Signal signal) {
    return switch (this) {
      case TRACES -> signal == Signal.TRACES;
      case LOGS -> signal == Signal.LOGS;
      case METRICS -> signal == Signal.METRICS;
      case MIXED -> true;
    };
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
