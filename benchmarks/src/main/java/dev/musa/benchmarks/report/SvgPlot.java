package dev.musa.benchmarks.report;

import java.util.List;
import java.util.Locale;

/**
 * A plot as SVG, readable on light and dark pages: the horizontal axis is logarithmic, with zero a
 * decade below what follows it; the vertical one begins at zero.
 */
public final class SvgPlot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 70;
  private static final int RIGHT = 130;
  private static final int TOP = 50;
  private static final int BOTTOM = 60;
  private static final int COLOURS = 6;
  private static final int LINE_HEIGHT = 14;

  private static final String STYLE =
      """
      <style>
        :root { color-scheme: light dark; }
        text { font: 12px system-ui, sans-serif; fill: #1f2328; }
        .title { font-size: 15px; font-weight: 600; }
        .paper { fill: #ffffff; }
        .grid { stroke: #d0d7de; }
        .axis { stroke: #59636e; }
        .line { fill: none; stroke-width: 2; }
        .s0 { stroke: #0969da; fill: #0969da; } .s1 { stroke: #bc4c00; fill: #bc4c00; }
        .s2 { stroke: #1a7f37; fill: #1a7f37; } .s3 { stroke: #8250df; fill: #8250df; }
        .s4 { stroke: #bf3989; fill: #bf3989; } .s5 { stroke: #4d2d00; fill: #4d2d00; }
        .line.s0, .line.s1, .line.s2, .line.s3, .line.s4, .line.s5 { fill: none; }
        text.s0, text.s1, text.s2, text.s3, text.s4, text.s5 { stroke: none; }
        @media (prefers-color-scheme: dark) {
          text { fill: #f0f6fc; }
          .paper { fill: #0d1117; }
          .grid { stroke: #3d444d; }
          .axis { stroke: #9198a1; }
          .s0 { stroke: #4493f8; fill: #4493f8; } .s1 { stroke: #f0883e; fill: #f0883e; }
          .s2 { stroke: #3fb950; fill: #3fb950; } .s3 { stroke: #ab7df8; fill: #ab7df8; }
          .s4 { stroke: #db61a2; fill: #db61a2; } .s5 { stroke: #d4a72c; fill: #d4a72c; }
        }
      </style>
      """;

  private final StringBuilder svg = new StringBuilder();
  private final double[] xs;
  private final double top;

  /** A line; as many values as the plot has on its horizontal axis. */
  public record Series(String name, List<Double> values) {
    public Series {
      values = List.copyOf(values);
    }
  }

  private SvgPlot(List<Double> xs, double top) {
    this.xs = xs.stream().mapToDouble(Double::doubleValue).toArray();
    this.top = top;
  }

  /**
   * Draws a plot.
   *
   * @param xs rising, the first one zero or more
   */
  public static String draw(
      String title, String xLabel, String yLabel, List<Double> xs, List<Series> series) {
    for (Series each : series) {
      if (each.values.size() != xs.size()) {
        throw new IllegalArgumentException(
            "%s has %d values (expected: %d, one for each on the horizontal axis)"
                .formatted(each.name, each.values.size(), xs.size()));
      }
    }
    if (xs.isEmpty() || xs.getFirst() < 0) {
      throw new IllegalArgumentException("xs: " + xs + " (expected: at least one, none below 0)");
    }
    double highest =
        series.stream().flatMap(each -> each.values.stream()).mapToDouble(v -> v).max().orElse(1);
    SvgPlot plot = new SvgPlot(xs, roundedUp(highest));
    return plot.whole(title, xLabel, yLabel, series);
  }

  private String whole(String title, String xLabel, String yLabel, List<Series> series) {
    line(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">",
            WIDTH,
            HEIGHT));
    line(String.format(Locale.ROOT, "<title>%s</title>", escaped(title)));
    svg.append(STYLE);
    line(
        String.format(
            Locale.ROOT, "<rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, HEIGHT));
    line(
        String.format(
            Locale.ROOT,
            "<text class=\"title\" x=\"%d\" y=\"28\">%s</text>",
            LEFT,
            escaped(title)));
    axes(xLabel, yLabel);
    double labelBelow = -LINE_HEIGHT;
    List<Series> fromTheTop =
        series.stream().sorted((a, b) -> Double.compare(last(b), last(a))).toList();
    for (Series each : fromTheTop) {
      int colour = series.indexOf(each) % COLOURS;
      graph(each, colour);
      labelBelow = Math.max(y(last(each)) + 4, labelBelow + LINE_HEIGHT);
      line(
          String.format(
              Locale.ROOT,
              "<text class=\"s%d\" x=\"%d\" y=\"%.1f\">%s</text>",
              colour,
              WIDTH - RIGHT + 10,
              labelBelow,
              escaped(each.name)));
    }
    svg.append("</svg>\n");
    return svg.toString();
  }

  private void axes(String xLabel, String yLabel) {
    int bottom = HEIGHT - BOTTOM;
    for (int i = 0; i <= 5; i++) {
      double value = top * i / 5;
      line(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>",
              LEFT,
              y(value),
              WIDTH - RIGHT,
              y(value)));
      line(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
              LEFT - 8,
              y(value) + 4,
              number(value)));
    }
    double free = Double.NEGATIVE_INFINITY;
    for (double x : xs) {
      line(
          String.format(
              Locale.ROOT,
              "<line class=\"axis\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>",
              x(x),
              bottom,
              x(x),
              bottom + 5));
      if (x(x) >= free) {
        line(
            String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                x(x),
                bottom + 20,
                number(x)));
        free = x(x) + 40;
      }
    }
    line(
        String.format(
            Locale.ROOT,
            "<line class=\"axis\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>",
            LEFT,
            bottom,
            WIDTH - RIGHT,
            bottom));
    line(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
            (LEFT + WIDTH - RIGHT) / 2,
            HEIGHT - 15,
            escaped(xLabel)));
    line(
        String.format(
            Locale.ROOT,
            "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
            (TOP + bottom) / 2,
            escaped(yLabel)));
  }

  private void graph(Series series, int colour) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      double value = series.values.get(i);
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(xs[i]), y(value)));
      line(
          String.format(
              Locale.ROOT,
              "<circle class=\"s%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"><title>%s: %s</title></circle>",
              colour,
              x(xs[i]),
              y(value),
              number(xs[i]),
              number(value)));
    }
    line(
        String.format(
            Locale.ROOT,
            "<polyline class=\"line s%d\" points=\"%s\"/>",
            colour,
            points.toString().strip()));
  }

  private double x(double value) {
    double low = logarithm(xs[0]);
    double high = logarithm(xs[xs.length - 1]);
    double share = high > low ? (logarithm(value) - low) / (high - low) : 0.5;
    return LEFT + 10 + share * (WIDTH - RIGHT - LEFT - 20);
  }

  private double logarithm(double value) {
    double next = xs.length > 1 ? xs[1] : 1;
    return Math.log(value > 0 ? value : next / 10);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP);
  }

  private static double last(Series series) {
    return series.values.getLast();
  }

  /** The next of 1, 2, 5, 10, 20 and so on. */
  private static double roundedUp(double value) {
    if (!(value > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(value)));
    for (double factor : new double[] {1, 2, 5}) {
      if (value <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String number(double value) {
    if (value >= 1000) {
      return value % 1000 == 0
          ? String.format(Locale.ROOT, "%.0fk", value / 1000)
          : String.format(Locale.ROOT, "%.1fk", value / 1000);
    }
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private void line(String element) {
    svg.append(element).append('\n');
  }
}
