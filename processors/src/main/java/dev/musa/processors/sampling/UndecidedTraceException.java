package dev.musa.processors.sampling;

import java.util.HexFormat;

/** Pass two met a trace that should have been decided: a defect, never to be passed over. */
public final class UndecidedTraceException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  UndecidedTraceException(long high, long low, long offset, long watermark) {
    super(
        "trace "
            + HexFormat.of().toHexDigits(high)
            + HexFormat.of().toHexDigits(low)
            + " at offset "
            + offset
            + ": undecided (expected: decided, as the watermark is "
            + watermark
            + ")");
  }
}
