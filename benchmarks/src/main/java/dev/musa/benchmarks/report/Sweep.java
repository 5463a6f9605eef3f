package dev.musa.benchmarks.report;

import dev.musa.benchmarks.process.Usage;
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

  /** The processes that were measured, but for those of the bench. */
  public List<String> processes() {
    return points.stream()
        .flatMap(point -> comparable(point).usages().stream())
        .map(Usage::name)
        .filter(name -> !name.startsWith("bench"))
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The figures of a point that compare with those of the others: the windows that count if they
   * are of one kind, else the whole ones.
   */
  public Figures comparable(Point point) {
    boolean alike =
        points.stream().map(each -> each.result.main().window()).distinct().count() == 1;
    return alike ? point.result.main() : point.result.whole();
  }
}
