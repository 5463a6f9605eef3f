package dev.musa.chaos;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import java.nio.charset.StandardCharsets;

/**
 * Reads the number of an item: a span's is its id, a log record and a data point carry theirs as
 * attribute {@code id}. Not thread-safe.
 */
final class ItemId {
  static final String KEY = "id";
  private static final byte[] UTF8_KEY = KEY.getBytes(StandardCharsets.UTF_8);

  private final AnyValueView value = new AnyValueView();

  /** The number of the item at the cursor, or -1 if it has none. */
  long of(OtlpCursor at) {
    if (at.signal() == Signal.TRACES) {
      return at.span().spanId();
    }
    return at.item().attributes().find(UTF8_KEY, value) ? value.longValue() : -1;
  }
}
