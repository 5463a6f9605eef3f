package dev.musa.app.why;

import dev.musa.runtime.lifecycle.StartupException;
import java.util.HexFormat;
import java.util.Locale;

/** The id of a trace as two numbers, big-endian. */
record TraceId(long high, long low) {
  private static final int DIGITS = 32;

  /** Reads 32 hexadecimal digits, as backends show them; throws {@link StartupException}. */
  static TraceId parse(String text) {
    String digits = text.strip().toLowerCase(Locale.ROOT);
    if (digits.length() != DIGITS || !digits.chars().allMatch(HexFormat::isHexDigit)) {
      throw new StartupException(
          "trace id '%s' has %d characters (expected: 32 hexadecimal digits%s)"
              .formatted(
                  text,
                  digits.length(),
                  digits.length() == DIGITS / 2
                      ? "; this looks like a span id, or the id of a 64-bit tracer, which OTLP sends with 16 zeros before it"
                      : ""));
    }
    return new TraceId(
        HexFormat.fromHexDigitsToLong(digits, 0, DIGITS / 2),
        HexFormat.fromHexDigitsToLong(digits, DIGITS / 2, DIGITS));
  }

  @Override
  public String toString() {
    return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
  }
}
