package dev.musa.processors.enrich;

/** What became of a look-up. */
enum Match {
  /** It is about no pod. */
  NONE(""),
  FOUND(""),
  UNKNOWN("unknown"),
  AMBIGUOUS("ambiguous"),
  HOST_NETWORK("host network");

  private final String reason;

  Match(String reason) {
    this.reason = reason;
  }

  /** Why there is no pod; empty if there is one, or none was asked for. */
  String reason() {
    return reason;
  }
}
