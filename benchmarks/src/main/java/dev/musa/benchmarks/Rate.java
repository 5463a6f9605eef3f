package dev.musa.benchmarks;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Items per second.
 *
 * @param itemsPerSecond 0: as fast as it goes
 */
record Rate(double itemsPerSecond) {
  private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?)([kM]?)(?:/s)?");

  static Rate parse(String text) {
    if (text.equals("max")) {
      return new Rate(0);
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Double.parseDouble(matcher.group(1)) == 0) {
      throw new TypeConversionException(
          "'" + text + "' is not a rate (expected: max, or items per second such as 50k/s)");
    }
    double factor =
        switch (matcher.group(2)) {
          case "k" -> 1e3;
          case "M" -> 1e6;
          default -> 1;
        };
    return new Rate(Double.parseDouble(matcher.group(1)) * factor);
  }

  @Override
  public String toString() {
    return itemsPerSecond == 0 ? "max" : String.format(Locale.ROOT, "%.0f/s", itemsPerSecond);
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Rate> {
    @Override
    public Rate convert(String text) {
      return parse(text);
    }
  }
}
