package dev.musa.chaos;

import dev.musa.schemas.Signal;

/** What is sent. */
enum Kind {
  SPAN(0),
  LOG(1),
  POINT(2);

  private final int code;

  Kind(int code) {
    this.code = code;
  }

  /** As it stands on tapes. */
  int code() {
    return code;
  }

  static Kind of(int code) {
    for (Kind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("kind " + code + " (expected: 0 to 2)");
  }

  Signal signal() {
    return switch (this) {
      case SPAN -> Signal.TRACES;
      case LOG -> Signal.LOGS;
      case POINT -> Signal.METRICS;
    };
  }

  static Kind of(Signal signal) {
    return switch (signal) {
      case TRACES -> SPAN;
      case LOGS -> LOG;
      case METRICS -> POINT;
    };
  }
}
