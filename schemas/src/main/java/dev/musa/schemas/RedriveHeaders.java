package dev.musa.schemas;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record on a redrive topic says beside the headers of telemetry.
 *
 * @param sink the only sink that is to deliver it
 * @param cause why it is delivered again
 */
public record RedriveHeaders(String sink, Cause cause) {
  public static final String SINK = "musa.redrive.sink";
  public static final String CAUSE = "musa.redrive.cause";

  /** Why a record is delivered again. */
  public enum Cause {
    /** It was a dead letter. */
    DEAD_LETTER("deadletter"),

    /** It was asked for, whether it had been delivered before or not. */
    REPLAY("replay");

    private final String label;

    Cause(String label) {
      this.label = label;
    }

    /** As it stands in the header, and as a reason in the ledger. */
    public String label() {
      return label;
    }
  }

  public void writeTo(Headers headers) {
    HeaderCodec.put(headers, SINK, sink);
    HeaderCodec.put(headers, CAUSE, cause.label());
  }

  /** The sink that is to deliver a record; null for a record that nobody is asked to deliver. */
  public static @Nullable String sinkOf(Headers headers) {
    try {
      return read(headers).sink();
    } catch (BadHeadersException _) {
      // Whoever wrote it.
      return null;
    }
  }

  /** Throws {@link BadHeadersException} that names the header that is missing or wrong. */
  public static RedriveHeaders read(Headers headers) {
    String sink = HeaderCodec.requiredText(headers, SINK);
    String label = HeaderCodec.requiredText(headers, CAUSE);
    for (Cause cause : Cause.values()) {
      if (cause.label.equals(label)) {
        return new RedriveHeaders(sink, cause);
      }
    }
    throw new BadHeadersException(
        "header " + CAUSE + ": " + label + " (expected: deadletter or replay)");
  }
}
