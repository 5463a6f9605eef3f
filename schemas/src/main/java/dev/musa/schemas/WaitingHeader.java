package dev.musa.schemas;

import org.apache.kafka.common.header.Headers;

/** Until when a record on a waiting topic is to be left alone. */
public final class WaitingHeader {
  public static final String UNTIL = "musa.waiting.until.unix.milli";

  private WaitingHeader() {}

  /** In the place of what was said before. */
  public static void write(Headers headers, long unixMilli) {
    headers.remove(UNTIL);
    HeaderCodec.put(headers, UNTIL, Long.toString(unixMilli));
  }

  /** In milliseconds since the epoch; throws {@link BadHeadersException} without such a header. */
  public static long read(Headers headers) {
    return HeaderCodec.requiredNumber(headers, UNTIL);
  }
}
