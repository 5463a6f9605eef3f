package dev.musa.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can be swept, and the leg that shows it. */
enum Dimension {
  RATE("items/s", Leg.LINE),
  PARTITIONS("partitions", Leg.LINE),
  SPAN_SIZE("bytes per span", Leg.LINE),
  SPANS_PER_TRACE("spans per trace", Leg.LINE),
  RULES("rules", Leg.LINE),
  POLICIES("policies", Leg.LINE),
  TENANTS("tenants", Leg.DRAIN),
  PODS("pods", Leg.LINE);

  private final String unit;
  private final Leg leg;

  Dimension(String unit, Leg leg) {
    this.unit = unit;
    this.leg = leg;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  String unit() {
    return unit;
  }

  Leg leg() {
    return leg;
  }

  /** Whether its points differ by rules, or need rules of their own. */
  boolean hasRules() {
    return switch (this) {
      case RULES, POLICIES, SPANS_PER_TRACE -> true;
      case RATE, PARTITIONS, SPAN_SIZE, TENANTS, PODS -> false;
    };
  }

  /** The usual values; a rate of 0 is the maximum, 0 pods is no metadata. */
  List<Integer> usualValues() {
    return switch (this) {
      case RATE -> List.of(1_000, 3_000, 10_000, 30_000, 100_000, 0);
      case PARTITIONS -> List.of(1, 4, 16, 64);
      case SPAN_SIZE -> List.of(425, 850, 1_700, 3_400);
      case SPANS_PER_TRACE -> List.of(1, 4, 8, 32, 100);
      case RULES -> List.of(1, 10, 100);
      case POLICIES -> List.of(1, 10, 50);
      case TENANTS -> List.of(1, 10, 100, 1_000, 10_000);
      case PODS -> List.of(0, 10, 1_000, 10_000, 100_000);
    };
  }

  /** For picocli. */
  static final class Converter implements ITypeConverter<Dimension> {
    @Override
    public Dimension convert(String text) {
      for (Dimension dimension : Dimension.values()) {
        if (dimension.label().equals(text)) {
          return dimension;
        }
      }
      List<String> labels = Arrays.stream(Dimension.values()).map(Dimension::label).toList();
      throw new TypeConversionException(
          "'" + text + "' cannot be swept (expected: " + String.join(", ", labels) + ")");
    }
  }
}
