package dev.musa.benchmarks.report;

import java.util.List;

/**
 * How cost grows along one dimension.
 *
 * @param unit of the values, for the axis
 */
public record Sweep(String dimension, String unit, List<Point> points) {

  /** One value and what was measured there. */
  public record Point(double value, LegResult result) {}

  public Sweep {
    points = List.copyOf(points);
  }
}
