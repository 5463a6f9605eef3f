package dev.musa.collector;

/**
 * How a request ended, whatever the protocol. {@link GrpcStatuses} and {@link HttpStatuses} are the
 * tables that put it into a status; nothing else makes one.
 */
sealed interface Outcome {
  /**
   * Kafka has acknowledged all that was not rejected.
   *
   * @param rejected items that were left out and must not be sent again
   * @param message why; empty if none was
   */
  record Accepted(long rejected, String message) implements Outcome {
    static final Accepted ALL = new Accepted(0, "");
  }

  /** Nothing is wrong with the request; the client should send it again later. */
  record Retryable(Reason reason, String message) implements Outcome {}

  /** The request can never succeed as it is. */
  record Invalid(String message) implements Outcome {}

  /** The request is over the size limit. */
  record TooLarge(String message) implements Outcome {}

  /** A fault of MUSA that a repetition would meet again. */
  record Failed(String message) implements Outcome {}

  /** The reason as a metric label; empty for what was accepted. */
  default String reasonLabel() {
    return switch (this) {
      case Accepted _ -> "";
      case Retryable(Reason reason, _) -> reason.label();
      case Invalid _ -> Reason.MALFORMED.label();
      case TooLarge _ -> Reason.TOO_LARGE.label();
      case Failed _ -> Reason.INTERNAL_ERROR.label();
    };
  }
}
