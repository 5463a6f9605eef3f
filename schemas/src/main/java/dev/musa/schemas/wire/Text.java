package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A view of UTF-8 bytes in place. Valid until its owner moves on; compares bytewise, which for
 * UTF-8 is code point order.
 */
public final class Text {
  private byte[] buffer = FieldReader.NOTHING;
  private int start;
  private int length;

  void set(byte[] buffer, int start, int end) {
    this.buffer = buffer;
    this.start = start;
    this.length = end - start;
  }

  void clear() {
    set(FieldReader.NOTHING, 0, 0);
  }

  /** The array that holds the bytes; read only. */
  public byte[] buffer() {
    return buffer;
  }

  public int start() {
    return start;
  }

  /** Length in bytes. */
  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public boolean contentEquals(byte[] other) {
    return length == other.length
        && Arrays.equals(buffer, start, start + length, other, 0, other.length);
  }

  public boolean contentEquals(Text other) {
    return Arrays.equals(
        buffer, start, start + length, other.buffer, other.start, other.start + other.length);
  }

  public boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(buffer, start, start + prefix.length, prefix, 0, prefix.length);
  }

  public boolean endsWith(byte[] suffix) {
    int from = start + length - suffix.length;
    return length >= suffix.length
        && Arrays.equals(buffer, from, start + length, suffix, 0, suffix.length);
  }

  public boolean contains(byte[] part) {
    int last = start + length - part.length;
    for (int at = start; at <= last; at++) {
      if (Arrays.equals(buffer, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }

  public int compare(byte[] other) {
    return Arrays.compareUnsigned(buffer, start, start + length, other, 0, other.length);
  }

  public int compare(Text other) {
    return Arrays.compareUnsigned(
        buffer, start, start + length, other.buffer, other.start, other.start + other.length);
  }

  /** Copies the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(buffer, start, start + length);
  }

  /** Decodes the bytes; allocates. */
  @Override
  public String toString() {
    return new String(buffer, start, length, UTF_8);
  }
}
