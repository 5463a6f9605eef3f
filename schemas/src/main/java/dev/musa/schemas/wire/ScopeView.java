package dev.musa.schemas.wire;

/**
 * A view of one {@code opentelemetry.proto.common.v1.InstrumentationScope}. Valid until its cursor
 * moves on.
 */
public final class ScopeView extends MessageView {
  private static final int NAME = 1;
  private static final int VERSION = 2;
  private static final int ATTRIBUTES = 3;

  private static final Layout LAYOUT =
      new Layout(VERSION, 0).with(FieldReader.LENGTH, NAME, VERSION);

  private final Attributes attributes = new Attributes();
  private final Text name = new Text();
  private final Text version = new Text();

  ScopeView() {
    super(LAYOUT);
  }

  @Override
  int attributesField() {
    return ATTRIBUTES;
  }

  @Override
  Attributes attributesOrEmpty() {
    return attributes;
  }

  public Text name() {
    return text(NAME, name);
  }

  public Text version() {
    return text(VERSION, version);
  }

  public Attributes attributes() {
    locate();
    return attributes;
  }
}
