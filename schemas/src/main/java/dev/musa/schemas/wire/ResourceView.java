package dev.musa.schemas.wire;

/**
 * A view of one {@code opentelemetry.proto.resource.v1.Resource}. Valid until its cursor moves on.
 */
public final class ResourceView extends MessageView {
  static final int ATTRIBUTES = 1;

  private static final Layout LAYOUT = new Layout(0, 0);

  private final Attributes attributes = new Attributes();

  ResourceView() {
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

  public Attributes attributes() {
    locate();
    return attributes;
  }

  /** Length in bytes of the encoded message. */
  public int size() {
    return end() - start();
  }

  /**
   * Copies the encoded message to {@code at} in {@code into}, which has room for it, and returns
   * where it ends there.
   */
  public int copyTo(byte[] into, int at) {
    System.arraycopy(bytes(), start(), into, at, size());
    return at + size();
  }
}
