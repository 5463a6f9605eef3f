package dev.musa.runtime.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 10s}, {@code 500ms}, {@code 1m30s}, {@code 7d}. */
public final class Durations {

  private static final String[] UNITS = {"d", "h", "m", "s", "ms", "us", "ns"};
  private static final long[] NANOS = {
    86_400_000_000_000L, 3_600_000_000_000L, 60_000_000_000L, 1_000_000_000L, 1_000_000L, 1_000L, 1L
  };
  private static final Pattern PART = Pattern.compile("(\\d+)(d|h|ms|m|us|s|ns)");

  private Durations() {}

  /**
   * Reads whole numbers with falling units.
   *
   * @throws IllegalArgumentException if the text is not a row of whole numbers with falling units
   */
  public static Duration parse(String text) {
    String stripped = text.strip();
    if (stripped.equals("0")) {
      return Duration.ZERO;
    }
    Matcher part = PART.matcher(stripped);
    Duration sum = Duration.ZERO;
    int end = 0;
    int allowed = 0;
    try {
      while (end < stripped.length()) {
        int unit = part.find() && part.start() == end ? indexOf(part.group(2), allowed) : -1;
        if (unit < 0) {
          throw notADuration(text);
        }
        // Java's own durations hold more than nanoseconds in a long do.
        Duration one = Duration.ofNanos(NANOS[unit]);
        sum = sum.plus(one.multipliedBy(Long.parseLong(part.group(1))));
        allowed = unit + 1;
        end = part.end();
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is too long a duration", e);
    }
    if (end == 0) {
      throw notADuration(text);
    }
    return sum;
  }

  /** {@link #parse} reads it back. */
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    if (duration.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    Duration rest = duration;
    for (int i = 0; i < UNITS.length; i++) {
      Duration unit = Duration.ofNanos(NANOS[i]);
      long count = rest.dividedBy(unit);
      if (count > 0) {
        text.append(count).append(UNITS[i]);
        rest = rest.minus(unit.multipliedBy(count));
      }
    }
    return text.toString();
  }

  private static int indexOf(String unit, int from) {
    for (int i = from; i < UNITS.length; i++) {
      if (UNITS[i].equals(unit)) {
        return i;
      }
    }
    return -1;
  }

  private static IllegalArgumentException notADuration(String text) {
    return new IllegalArgumentException(
        "'%s' is not a duration (expected: whole numbers with d, h, m, s, ms, us or ns, such as"
                .formatted(text)
            + " 10s, 500ms or 1m30s)");
  }
}
