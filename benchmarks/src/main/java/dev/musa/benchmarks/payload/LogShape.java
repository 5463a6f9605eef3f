package dev.musa.benchmarks.payload;

/**
 * What requests with log records look like.
 *
 * @param recordBytes of a request per record, its part of the resource included
 * @param pods that send, each with a resource of its own
 */
public record LogShape(
    int recordsPerRequest,
    int recordBytes,
    int recordAttributes,
    int resourceAttributes,
    int pods) {
  public LogShape {
    Shapes.items("recordsPerRequest", recordsPerRequest);
    Shapes.bytes("recordBytes", recordBytes);
    Shapes.attributes("recordAttributes", recordAttributes);
    Shapes.attributes("resourceAttributes", resourceAttributes);
    Shapes.check(pods >= 1 && pods <= 100_000, "pods", pods, "1 to 100000");
  }

  static LogShape defaults() {
    return new LogShape(100, 300, 4, 12, 40);
  }
}
