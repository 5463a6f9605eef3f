package dev.musa.schemas.wire;

/**
 * A view of one data point of any kind: {@code opentelemetry.proto.metrics.v1.NumberDataPoint},
 * {@code HistogramDataPoint}, {@code ExponentialHistogramDataPoint} or {@code SummaryDataPoint}.
 */
public final class PointView extends ItemView {
  private static final int START_TIME = 2;
  private static final int TIME = 3;

  private static final Layout LAYOUT =
      new Layout(TIME, 0).with(FieldReader.FIXED64, START_TIME, TIME);

  private MetricView.Kind kind = MetricView.Kind.NONE;

  PointView() {
    super(LAYOUT);
  }

  void setKind(MetricView.Kind kind) {
    this.kind = kind;
  }

  @Override
  int attributesField() {
    return kind.pointAttributesField;
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long timeUnixNano() {
    return fixed64(TIME);
  }

  /** Nanoseconds since the epoch, unsigned; 0 if unset. */
  public long startTimeUnixNano() {
    return fixed64(START_TIME);
  }
}
