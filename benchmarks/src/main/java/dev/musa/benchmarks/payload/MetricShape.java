package dev.musa.benchmarks.payload;

/**
 * What requests with data points look like.
 *
 * @param pointsPerMetric series of each metric of a request
 * @param pods that send, each with a resource of its own
 */
public record MetricShape(
    int pointsPerRequest,
    int pointsPerMetric,
    int pointAttributes,
    int resourceAttributes,
    int pods) {
  public MetricShape {
    Shapes.items("pointsPerRequest", pointsPerRequest);
    Shapes.items("pointsPerMetric", pointsPerMetric);
    Shapes.attributes("pointAttributes", pointAttributes);
    Shapes.attributes("resourceAttributes", resourceAttributes);
    Shapes.check(pods >= 1 && pods <= 100_000, "pods", pods, "1 to 100000");
  }

  static MetricShape defaults() {
    return new MetricShape(200, 10, 6, 12, 40);
  }
}
