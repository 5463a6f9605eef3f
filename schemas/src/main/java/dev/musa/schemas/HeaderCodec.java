package dev.musa.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Header values are UTF-8 text, numbers in decimal, so that any Kafka tool shows them. */
final class HeaderCodec {
  private HeaderCodec() {}

  static void put(Headers headers, String key, @Nullable String value) {
    if (value != null) {
      headers.add(key, value.getBytes(UTF_8));
    }
  }

  static @Nullable String text(Headers headers, String key) {
    Header header = headers.lastHeader(key);
    byte[] value = header == null ? null : header.value();
    return value == null ? null : new String(value, UTF_8);
  }

  static String requiredText(Headers headers, String key) {
    String value = text(headers, key);
    if (value == null) {
      throw new BadHeadersException("header " + key + " is missing");
    }
    return value;
  }

  static long requiredNumber(Headers headers, String key) {
    String value = requiredText(headers, key);
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw new BadHeadersException("header " + key + ": " + value + " (expected: a whole number)");
    }
  }
}
