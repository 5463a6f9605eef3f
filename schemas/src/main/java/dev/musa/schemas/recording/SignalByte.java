package dev.musa.schemas.recording;

import dev.musa.schemas.Signal;
import org.jspecify.annotations.Nullable;

/** The byte that stands for a signal in a file; it never changes, whatever else is added. */
final class SignalByte {
  static final int HIGHEST = 2;

  private SignalByte() {}

  static int of(Signal signal) {
    return switch (signal) {
      case TRACES -> 0;
      case LOGS -> 1;
      case METRICS -> 2;
    };
  }

  static @Nullable Signal signal(int code) {
    return switch (code) {
      case 0 -> Signal.TRACES;
      case 1 -> Signal.LOGS;
      case 2 -> Signal.METRICS;
      default -> null;
    };
  }
}
