package dev.musa.schemas.wire;

/** A view of one item: a span, a log record or a data point. Valid until its cursor moves on. */
public abstract sealed class ItemView extends MessageView
    permits SpanView, LogRecordView, PointView {
  private final Attributes attributes = new Attributes();

  ItemView(Layout layout) {
    super(layout);
  }

  public final Attributes attributes() {
    locate();
    return attributes;
  }

  @Override
  final Attributes attributesOrEmpty() {
    return attributes;
  }
}
