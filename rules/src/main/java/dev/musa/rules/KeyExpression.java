package dev.musa.rules;

import dev.musa.schemas.wire.OtlpCursor;

/** What a limit counts by: writes the values that tell one bucket from another. */
@FunctionalInterface
public interface KeyExpression {
  /** Appends to the buffer without clearing it, so that a caller can put a prefix of its own. */
  void appendTo(OtlpCursor at, KeyBuffer out);
}
