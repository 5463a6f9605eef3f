package dev.musa.benchmarks.payload;

/**
 * What requests with spans look like.
 *
 * @param spanBytes of a request per span, its part of the resources included
 * @param services that take part in each trace; each has a resource of its own
 * @param pods of each service
 * @param spread over how many requests in a row the spans of a trace are strewn
 * @param errorShare share of the spans with status ERROR
 * @param slowShare share of the traces that take longer than 500 ms
 */
public record TraceShape(
    int spansPerRequest,
    int spanBytes,
    int spanAttributes,
    int resourceAttributes,
    int spansPerTrace,
    int services,
    int pods,
    int spread,
    double errorShare,
    double slowShare) {
  public TraceShape {
    Shapes.items("spansPerRequest", spansPerRequest);
    Shapes.bytes("spanBytes", spanBytes);
    Shapes.attributes("spanAttributes", spanAttributes);
    Shapes.attributes("resourceAttributes", resourceAttributes);
    Shapes.check(
        spansPerTrace >= 1 && spansPerTrace <= 10_000,
        "spansPerTrace",
        spansPerTrace,
        "1 to 10000");
    Shapes.check(services >= 1 && services <= 1000, "services", services, "1 to 1000");
    Shapes.check(pods >= 1 && pods <= 100_000, "pods", pods, "1 to 100000");
    Shapes.check(spread >= 1 && spread <= 1000, "spread", spread, "1 to 1000");
    Shapes.share("errorShare", errorShare);
    Shapes.share("slowShare", slowShare);
  }

  static TraceShape defaults() {
    return new TraceShape(50, 425, 10, 12, 8, 4, 10, 1, 0.01, 0.01);
  }

  public TraceShape withSpanBytes(int bytes) {
    return new TraceShape(
        spansPerRequest,
        bytes,
        spanAttributes,
        resourceAttributes,
        spansPerTrace,
        services,
        pods,
        spread,
        errorShare,
        slowShare);
  }

  /** The share of traces with an error stays, so that sampling keeps as much as before. */
  public TraceShape withSpansPerTrace(int spans) {
    double share = 1 - Math.pow(1 - errorShare, (double) spansPerTrace / spans);
    return new TraceShape(
        spansPerRequest,
        spanBytes,
        spanAttributes,
        resourceAttributes,
        spans,
        services,
        pods,
        spread,
        share,
        slowShare);
  }

  public TraceShape withSpread(int requests) {
    return new TraceShape(
        spansPerRequest,
        spanBytes,
        spanAttributes,
        resourceAttributes,
        spansPerTrace,
        services,
        pods,
        requests,
        errorShare,
        slowShare);
  }
}
