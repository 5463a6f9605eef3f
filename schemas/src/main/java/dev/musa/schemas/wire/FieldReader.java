package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one protobuf message, one after the other, without copying.
 *
 * <p>Encoding: <a href="https://protobuf.dev/programming-guides/encoding/">protobuf wire
 * format</a>. Groups are skipped whole, as an unknown field.
 */
final class FieldReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int START_GROUP = 3;
  static final int END_GROUP = 4;
  static final int FIXED32 = 5;

  /** As deep as protobuf's own parsers go by default. */
  static final int MAX_DEPTH = 100;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  byte[] bytes = NOTHING;

  /** Number of the current field. */
  int field;

  int wireType;

  /** Where the current field starts, its tag included. */
  int start;

  /**
   * Where the current field's value starts: behind the tag, and behind the length if it has one.
   */
  int valueStart;

  /** Where the current field ends. */
  int valueEnd;

  /** The value of the current field if {@link #wireType} is {@link #VARINT}. */
  long varint;

  private int position;
  private int limit;
  private int @Nullable [] openGroups;

  static final byte[] NOTHING = "".getBytes(ISO_8859_1);

  void reset(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.limit = to;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() {
    if (position >= limit) {
      return false;
    }
    start = position;
    int tag = readTag();
    field = tag >>> 3;
    wireType = tag & 7;
    switch (wireType) {
      case VARINT -> {
        valueStart = position;
        varint = readVarint();
        valueEnd = position;
      }
      case LENGTH -> {
        long length = readVarint();
        if (length < 0 || length > limit - position) {
          throw new MalformedOtlpException(
              "field "
                  + field
                  + " has length "
                  + Long.toUnsignedString(length)
                  + ", but only "
                  + (limit - position)
                  + " bytes are left",
              start);
        }
        valueStart = position;
        position += (int) length;
        valueEnd = position;
      }
      case FIXED64 -> skipFixed(8);
      case FIXED32 -> skipFixed(4);
      case START_GROUP -> {
        valueStart = position;
        skipGroup();
        valueEnd = position;
      }
      case END_GROUP ->
          throw new MalformedOtlpException("end of a group that was not opened", start);
      default ->
          throw new MalformedOtlpException("field " + field + " has wire type " + wireType, start);
    }
    return true;
  }

  static long fixed64(byte[] bytes, int at) {
    return (long) LONG.get(bytes, at);
  }

  static int fixed32(byte[] bytes, int at) {
    return (int) INT.get(bytes, at);
  }

  static long bigEndian64(byte[] bytes, int at) {
    return Long.reverseBytes((long) LONG.get(bytes, at));
  }

  private void skipFixed(int size) {
    if (limit - position < size) {
      throw new MalformedOtlpException("field " + field + " is cut off", start);
    }
    valueStart = position;
    position += size;
    valueEnd = position;
  }

  private int readTag() {
    byte first = bytes[position];
    long tag;
    if (first >= 0) {
      position++;
      tag = first;
    } else {
      tag = readVarint();
    }
    if (tag >>> 32 != 0 || tag >>> 3 == 0) {
      throw new MalformedOtlpException("no field tag: " + Long.toUnsignedString(tag), start);
    }
    return (int) tag;
  }

  private long readVarint() {
    int at = position;
    int end = Math.min(limit, at + 10);
    long value = 0;
    for (int shift = 0; at < end; shift += 7) {
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        position = at;
        return value;
      }
    }
    throw new MalformedOtlpException(
        at == limit ? "varint is cut off" : "varint is longer than 10 bytes", start);
  }

  /** Skips to the end of the group just opened; iterative, so that depth costs no stack. */
  private void skipGroup() {
    int outermost = start;
    int[] open = openGroups;
    if (open == null) {
      open = new int[MAX_DEPTH];
      openGroups = open;
    }
    int depth = 0;
    open[depth++] = field;
    while (depth > 0) {
      if (position >= limit) {
        throw new MalformedOtlpException("group " + open[0] + " is not closed", outermost);
      }
      int tag = readTag();
      switch (tag & 7) {
        case VARINT -> readVarint();
        case FIXED64 -> skipInGroup(8, outermost);
        case FIXED32 -> skipInGroup(4, outermost);
        case LENGTH -> skipInGroup(readVarint(), outermost);
        case START_GROUP -> {
          if (depth == MAX_DEPTH) {
            throw new MalformedOtlpException(
                "groups are nested deeper than " + MAX_DEPTH, outermost);
          }
          open[depth++] = tag >>> 3;
        }
        case END_GROUP -> {
          if (open[--depth] != tag >>> 3) {
            throw new MalformedOtlpException(
                "group " + open[depth] + " is closed as " + (tag >>> 3), outermost);
          }
        }
        default -> throw new MalformedOtlpException("wire type " + (tag & 7), outermost);
      }
    }
  }

  private void skipInGroup(long length, int outermost) {
    if (length < 0 || length > limit - position) {
      throw new MalformedOtlpException("group is cut off", outermost);
    }
    position += (int) length;
  }
}
