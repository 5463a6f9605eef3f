package dev.musa.rules;

import java.util.Arrays;

/**
 * A reusable buffer for the key of a limit. Each part is written with its kind and length, so that
 * different values never make the same key. Not thread-safe.
 */
public final class KeyBuffer {
  private static final int INITIAL_CAPACITY = 128;
  private static final byte ABSENT = 0;
  private static final byte BYTES = 1;
  private static final byte NUMBER = 2;

  private byte[] buffer = new byte[INITIAL_CAPACITY];
  private int length;

  public void reset() {
    length = 0;
  }

  /** A part that the item does not have: all such items share a bucket. */
  public void appendAbsent() {
    reserve(1);
    buffer[length++] = ABSENT;
  }

  public void append(byte[] source, int start, int count) {
    reserve(1 + Integer.BYTES + count);
    buffer[length++] = BYTES;
    appendInt(count);
    System.arraycopy(source, start, buffer, length, count);
    length += count;
  }

  public void append(byte[] source) {
    append(source, 0, source.length);
  }

  /** A number of the given kind: values of different kinds differ also if their bits agree. */
  public void append(char kind, long bits) {
    reserve(2 + Long.BYTES);
    buffer[length++] = NUMBER;
    buffer[length++] = (byte) kind;
    appendInt((int) (bits >>> Integer.SIZE));
    appendInt((int) bits);
  }

  /** The array that holds the key; read only, valid until the next change. */
  public byte[] buffer() {
    return buffer;
  }

  public int length() {
    return length;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, length);
  }

  private void appendInt(int value) {
    buffer[length++] = (byte) (value >>> 24);
    buffer[length++] = (byte) (value >>> 16);
    buffer[length++] = (byte) (value >>> 8);
    buffer[length++] = (byte) value;
  }

  private void reserve(int count) {
    if (buffer.length - length < count) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + count));
    }
  }
}
