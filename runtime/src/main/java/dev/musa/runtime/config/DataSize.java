package dev.musa.runtime.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A number of bytes, written like {@code 64MiB}. */
public record DataSize(long bytes) {

  private static final Pattern FORM = Pattern.compile("(\\d+)\\s*([A-Za-z]*)");
  private static final Map<String, Long> UNITS =
      Map.ofEntries(
          Map.entry("B", 1L),
          Map.entry("KiB", 1L << 10),
          Map.entry("MiB", 1L << 20),
          Map.entry("GiB", 1L << 30),
          Map.entry("TiB", 1L << 40),
          Map.entry("kB", 1_000L),
          Map.entry("MB", 1_000_000L),
          Map.entry("GB", 1_000_000_000L),
          Map.entry("TB", 1_000_000_000_000L));
  private static final String[] PRINTED = {"B", "KiB", "MiB", "GiB", "TiB"};

  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + " (expected: 0 or more)");
    }
  }

  public static DataSize ofMebibytes(long mebibytes) {
    return new DataSize(Math.multiplyExact(mebibytes, 1L << 20));
  }

  /**
   * Reads a number with its unit.
   *
   * @throws IllegalArgumentException if the text is not a size with its unit
   */
  public static DataSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    @Nullable Long unit =
        matcher.matches()
            ? UNITS.get(matcher.group(2).isEmpty() && isZero(text) ? "B" : matcher.group(2))
            : null;
    if (unit == null) {
      throw notASize(text, null);
    }
    try {
      return new DataSize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    } catch (ArithmeticException | NumberFormatException e) {
      throw notASize(text, e);
    }
  }

  /** In the largest binary unit that needs no fraction; {@link #parse} reads it back. */
  @Override
  public String toString() {
    long value = bytes;
    int unit = 0;
    while (value != 0 && value % 1024 == 0 && unit < PRINTED.length - 1) {
      value /= 1024;
      unit++;
    }
    return value + PRINTED[unit];
  }

  private static boolean isZero(String text) {
    return text.strip().equals("0");
  }

  private static IllegalArgumentException notASize(String text, @Nullable Exception cause) {
    return new IllegalArgumentException(
        "'%s' is not a size (expected: a whole number and B, KiB, MiB, GiB, TiB, kB, MB, GB or TB,"
                .formatted(text)
            + " such as 64MiB)",
        cause);
  }
}
