package dev.musa.rules.condition;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** CEL's notation of durations: {@code 1h30m}, {@code 1.5s}, {@code -200ms}, {@code 10us}. */
final class DurationLiteral {
  private static final Pattern PART =
      Pattern.compile("\\G(\\d{1,18}(?:\\.\\d{1,9})?)(h|ms|us|ns|m|s)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private DurationLiteral() {}

  /** Nanoseconds, or null if the text is no duration or out of range. */
  static @Nullable Long parse(String text) {
    boolean negative = text.startsWith("-");
    String unsigned = negative ? text.substring(1) : text;
    if (unsigned.equals("0")) {
      return 0L;
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(unsigned);
    int end = 0;
    while (part.find()) {
      long unit = NANOS.getOrDefault(part.group(2), 0L);
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
      end = part.end();
    }
    if (end == 0 || end != unsigned.length()) {
      return null;
    }
    BigDecimal whole = negative ? nanos.negate() : nanos;
    return whole.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : whole.longValue();
  }
}
