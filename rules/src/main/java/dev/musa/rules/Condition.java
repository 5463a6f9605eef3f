package dev.musa.rules;

import dev.musa.schemas.wire.OtlpCursor;

/**
 * A compiled condition over the item that a cursor stands at. It never throws because of what the
 * item holds or lacks, and does not allocate (a regular expression aside).
 */
@FunctionalInterface
public interface Condition {
  Condition ALWAYS = at -> true;
  Condition NEVER = at -> false;

  boolean test(OtlpCursor at);
}
