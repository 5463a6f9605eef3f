package dev.musa.processors.enrich;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes as a key. One that stands in a map is never changed; one to look up with is filled anew
 * each time.
 */
final class Bytes {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MIX = 0x9e3779b97f4a7c15L;
  private static final byte SEPARATOR = 0;

  private byte[] bytes;
  private int length;
  private long hash;

  /** Empty, to look up with. */
  Bytes() {
    this.bytes = new byte[128];
  }

  /** A key for a map; the array is not copied. */
  Bytes(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.hash = computed();
  }

  void clear() {
    length = 0;
  }

  /** Adds a part, told from the one before it. */
  void add(byte[] source, int from, int size) {
    if (bytes.length < length + size + 1) {
      bytes = Arrays.copyOf(bytes, (length + size + 1) * 2);
    }
    if (length > 0) {
      bytes[length++] = SEPARATOR;
    }
    System.arraycopy(source, from, bytes, length, size);
    length += size;
  }

  /** Has to be called between the last part and the look-up. */
  void finish() {
    hash = computed();
  }

  /** As good as the content itself, but for very rare cases. */
  long fingerprint() {
    return hash;
  }

  /** The same parts, to add more to. */
  Bytes copy() {
    Bytes copy = new Bytes();
    copy.bytes = Arrays.copyOf(bytes, Math.max(bytes.length, length));
    copy.length = length;
    return copy;
  }

  /** A key for a map with the same content. */
  Bytes toKey() {
    return new Bytes(Arrays.copyOf(bytes, length));
  }

  private long computed() {
    long mixed = length;
    int at = 0;
    for (; at + Long.BYTES <= length; at += Long.BYTES) {
      mixed = (mixed ^ (long) LONG.get(bytes, at)) * MIX;
      mixed ^= mixed >>> 32;
    }
    for (; at < length; at++) {
      mixed = (mixed ^ bytes[at]) * MIX;
    }
    return mixed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes key
        && key.hash == hash
        && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(hash);
  }
}
