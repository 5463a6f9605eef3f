package dev.musa.schemas.wire;

import java.util.Arrays;

/** A growing buffer of protobuf fields. */
final class WireWriter {
  private byte[] bytes = new byte[512];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  byte[] bytes() {
    return bytes;
  }

  void copy(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, size, to - from);
    size += to - from;
  }

  void varint(long value) {
    ensure(10);
    size = putVarint(bytes, size, value);
  }

  void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  /** A length-delimited field. */
  void field(int field, byte[] value) {
    tag(field, FieldReader.LENGTH);
    varint(value.length);
    copy(value, 0, value.length);
  }

  /** Puts the size of what was written since {@code from} in front of it. */
  void prefixLength(int field, int from) {
    int length = size - from;
    int prefix = varintSize((long) field << 3) + varintSize(length);
    ensure(prefix);
    System.arraycopy(bytes, from, bytes, from + prefix, length);
    int at = putVarint(bytes, from, (long) field << 3 | FieldReader.LENGTH);
    putVarint(bytes, at, length);
    size += prefix;
  }

  private void ensure(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }

  static int putVarint(byte[] into, int at, long value) {
    int position = at;
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      into[position++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    into[position++] = (byte) rest;
    return position;
  }

  static int varintSize(long value) {
    return (63 - Long.numberOfLeadingZeros(value | 1)) / 7 + 1;
  }
}
