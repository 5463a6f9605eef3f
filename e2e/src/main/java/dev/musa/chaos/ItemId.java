package dev.musa.chaos;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import java.nio.charset.StandardCharsets;

/** The number of a log record or data point, which it carries as attribute {@code id}. */
final class ItemId {
  static final String KEY = "id";
  private static final byte[] UTF8_KEY = KEY.getBytes(StandardCharsets.UTF_8);

  private final AnyValueView value = new AnyValueView();

  /** The number of the item at the cursor, or -1 if it has none. */
  long of(OtlpCursor at) {
    return at.item().attributes().find(UTF8_KEY, value) ? value.longValue() : -1;
  }
}
