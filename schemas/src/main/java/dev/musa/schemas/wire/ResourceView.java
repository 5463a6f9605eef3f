package dev.musa.schemas.wire;

import java.util.Arrays;

/**
 * A view of one {@code opentelemetry.proto.resource.v1.Resource}. Valid until its cursor moves on.
 */
public final class ResourceView extends MessageView {
  /** The field of its attributes. */
  public static final int ATTRIBUTES = 1;

  private static final long HASH_A = 0x9e3779b97f4a7c15L;
  private static final long HASH_B = 0xc2b2ae3d27d4eb4fL;

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

  /** A hash of the encoded message. */
  public long contentHash() {
    long a = size();
    long b = ~a;
    int at = start();
    for (; at + 2 * Long.BYTES <= end(); at += 2 * Long.BYTES) {
      a = Long.rotateLeft(a, 29) ^ FieldReader.fixed64(bytes(), at) * HASH_A;
      b = Long.rotateLeft(b, 31) ^ FieldReader.fixed64(bytes(), at + Long.BYTES) * HASH_B;
    }
    for (; at < end(); at++) {
      a = (a ^ bytes()[at]) * HASH_B;
    }
    long mixed = (a ^ Long.rotateLeft(b, 32)) * HASH_A;
    return mixed ^ mixed >>> 32;
  }

  /** Whether this is the encoded message. */
  public boolean contentEquals(byte[] encoded) {
    return Arrays.equals(bytes(), start(), end(), encoded, 0, encoded.length);
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
