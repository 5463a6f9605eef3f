package dev.musa.chaos;

import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the number of an item: a span's is its id, a log record and a data point carry theirs as
 * attribute {@code id}. Not thread-safe.
 */
final class ItemId {
  static final String KEY = "id";
  private static final byte[] UTF8_KEY = KEY.getBytes(StandardCharsets.UTF_8);
  private static final byte[] SERVICE = Traffic.SERVICE.getBytes(StandardCharsets.UTF_8);
  private static final long NONE = -1;

  private final Traffic traffic;
  private final AnyValueView value = new AnyValueView();

  ItemId(Traffic traffic) {
    this.traffic = traffic;
  }

  /**
   * The number of the item at the cursor, or -1 if it has none, or if it is not what was sent under
   * its number: of another trace, or of another service.
   */
  long of(OtlpCursor at) {
    if (at.signal() == Signal.TRACES) {
      long span = at.span().spanId();
      long trace = Traffic.traceOf(span);
      boolean intact =
          at.span().traceIdHigh() == traffic.high(trace)
              && at.span().traceIdLow() == traffic.low(trace)
              && isFrom(at, trace);
      return intact ? span : NONE;
    }
    if (!at.item().attributes().find(UTF8_KEY, value)) {
      return NONE;
    }
    long number = value.longValue();
    return isFrom(at, number) ? number : NONE;
  }

  private boolean isFrom(OtlpCursor at, long number) {
    return at.resource().attributes().find(SERVICE, value)
        && Arrays.equals(
            value.text().toByteArray(),
            traffic.serviceName(number).getBytes(StandardCharsets.UTF_8));
  }
}
