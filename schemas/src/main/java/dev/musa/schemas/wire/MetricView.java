package dev.musa.schemas.wire;

/**
 * A view of one {@code opentelemetry.proto.metrics.v1.Metric} without its points. Valid until its
 * cursor moves on.
 */
public final class MetricView extends MessageView {
  /** The kind of a metric's data. */
  public enum Kind {
    NONE(0, 0),
    GAUGE(5, 7),
    SUM(7, 7),
    HISTOGRAM(9, 9),
    EXPONENTIAL_HISTOGRAM(10, 1),
    SUMMARY(11, 7);

    /** The field of Metric that holds data of this kind. */
    final int dataField;

    /** The field of the points of this kind that holds their attributes. */
    final int pointAttributesField;

    Kind(int dataField, int pointAttributesField) {
      this.dataField = dataField;
      this.pointAttributesField = pointAttributesField;
    }

    static Kind ofField(int field) {
      return switch (field) {
        case 5 -> GAUGE;
        case 7 -> SUM;
        case 9 -> HISTOGRAM;
        case 10 -> EXPONENTIAL_HISTOGRAM;
        case 11 -> SUMMARY;
        default -> NONE;
      };
    }
  }

  static final int NAME = 1;
  private static final int DESCRIPTION = 2;
  private static final int UNIT = 3;
  private static final int METADATA = 12;

  private static final Layout LAYOUT =
      new Layout(UNIT, 0).with(FieldReader.LENGTH, NAME, DESCRIPTION, UNIT);

  private final Attributes metadata = new Attributes();
  private final Text name = new Text();
  private final Text description = new Text();
  private final Text unit = new Text();
  private Kind kind = Kind.NONE;

  MetricView() {
    super(LAYOUT);
  }

  void setKind(Kind kind) {
    this.kind = kind;
  }

  @Override
  int attributesField() {
    return METADATA;
  }

  @Override
  Attributes attributesOrEmpty() {
    return metadata;
  }

  public Kind kind() {
    return kind;
  }

  public Text name() {
    return text(NAME, name);
  }

  public Text description() {
    return text(DESCRIPTION, description);
  }

  public Text unit() {
    return text(UNIT, unit);
  }
}
