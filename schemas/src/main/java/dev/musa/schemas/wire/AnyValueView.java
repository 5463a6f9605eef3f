package dev.musa.schemas.wire;

import java.util.Arrays;

/**
 * A view of one {@code opentelemetry.proto.common.v1.AnyValue}. An accessor of another type than
 * {@link #type()} gives the empty value of its type.
 */
public final class AnyValueView {
  /**
   * What a value holds; {@code EMPTY} is also the type of a value that this version does not know.
   */
  public enum Type {
    EMPTY,
    STRING,
    BOOL,
    INT,
    DOUBLE,
    ARRAY,
    KVLIST,
    BYTES
  }

  private static final int STRING_VALUE = 1;
  private static final int BOOL_VALUE = 2;
  private static final int INT_VALUE = 3;
  private static final int DOUBLE_VALUE = 4;
  private static final int ARRAY_VALUE = 5;
  private static final int KVLIST_VALUE = 6;
  private static final int BYTES_VALUE = 7;

  /**
   * Index into the oneof of a profile's string table: occupies the oneof, but means nothing here.
   */
  private static final int STRING_INDEX = 8;

  private static final int VALUES = 1;
  private static final int KEY = 1;
  private static final int VALUE = 2;

  private final FieldReader reader = new FieldReader();
  private final Text text = new Text();
  private final Text encoding = new Text();
  private Type type = Type.EMPTY;
  private byte[] bytes = FieldReader.NOTHING;
  private int start;
  private int end;
  private long number;

  void clear() {
    type = Type.EMPTY;
    text.clear();
    bytes = FieldReader.NOTHING;
    start = 0;
    end = 0;
    number = 0;
  }

  void set(byte[] source, int from, int to) {
    clear();
    int oneof = 0;
    reader.reset(source, from, to);
    while (reader.next()) {
      if (reader.field > STRING_INDEX || reader.wireType != wireTypeOf(reader.field)) {
        continue;
      }
      boolean merge = oneof == reader.field && (oneof == ARRAY_VALUE || oneof == KVLIST_VALUE);
      oneof = reader.field;
      number = reader.varint;
      if (merge) {
        bytes = Merge.concat(bytes, start, end, source, reader.valueStart, reader.valueEnd);
        start = 0;
        end = bytes.length;
      } else {
        bytes = source;
        start = reader.valueStart;
        end = reader.valueEnd;
      }
    }
    type = typeOf(oneof);
    if (type == Type.DOUBLE) {
      number = FieldReader.fixed64(bytes, start);
    }
    if (type == Type.STRING || type == Type.BYTES) {
      text.set(bytes, start, end);
    }
  }

  public Type type() {
    return type;
  }

  /** The bytes of a string or bytes value. */
  public Text text() {
    return text;
  }

  /** The encoded message of an array or kvlist, without what it is tagged with; else empty. */
  public Text encoding() {
    if (type == Type.ARRAY || type == Type.KVLIST) {
      encoding.set(bytes, start, end);
    } else {
      encoding.clear();
    }
    return encoding;
  }

  /** Writes the message anew, with what this version knows of it. */
  void copyTo(WireWriter into) {
    switch (type) {
      case EMPTY -> {}
      case STRING -> field(STRING_VALUE, into);
      case BYTES -> field(BYTES_VALUE, into);
      case ARRAY -> field(ARRAY_VALUE, into);
      case KVLIST -> field(KVLIST_VALUE, into);
      case BOOL -> {
        into.tag(BOOL_VALUE, FieldReader.VARINT);
        into.varint(number);
      }
      case INT -> {
        into.tag(INT_VALUE, FieldReader.VARINT);
        into.varint(number);
      }
      case DOUBLE -> {
        into.tag(DOUBLE_VALUE, FieldReader.FIXED64);
        into.copy(bytes, start, end);
      }
    }
  }

  private void field(int field, WireWriter into) {
    into.tag(field, FieldReader.LENGTH);
    into.varint(end - start);
    into.copy(bytes, start, end);
  }

  public boolean booleanValue() {
    return type == Type.BOOL && number != 0;
  }

  public long longValue() {
    return type == Type.INT ? number : 0;
  }

  public double doubleValue() {
    return type == Type.DOUBLE ? Double.longBitsToDouble(number) : 0;
  }

  /** Number of elements of an array or entries of a kvlist. */
  public int size() {
    int size = 0;
    if (type == Type.ARRAY || type == Type.KVLIST) {
      reader.reset(bytes, start, end);
      while (reader.next()) {
        if (isElement()) {
          size++;
        }
      }
    }
    return size;
  }

  /**
   * Steps through the elements of an array: pass {@link #firstElement()}, then what the last call
   * returned, until that is negative. {@code into} holds the element if the result is not negative.
   */
  public int nextElement(int cursor, AnyValueView into) {
    reader.reset(bytes, cursor, end);
    while (reader.next()) {
      if (isElement()) {
        int next = reader.valueEnd;
        into.set(bytes, reader.valueStart, reader.valueEnd);
        return next;
      }
    }
    return -1;
  }

  /**
   * The cursor in front of the first element of an array; only valid if {@link #type()} is {@code
   * ARRAY}.
   */
  public int firstElement() {
    return start;
  }

  /**
   * Puts the element at {@code index} of an array into {@code into}, or the empty value if there is
   * none.
   */
  public void element(int index, AnyValueView into) {
    int cursor = type == Type.ARRAY ? start : -1;
    for (int i = 0; i <= index && cursor >= 0; i++) {
      cursor = nextElement(cursor, into);
    }
    if (cursor < 0) {
      into.clear();
    }
  }

  /** Puts the first entry of a kvlist with this key into {@code into}; false if there is none. */
  public boolean find(byte[] utf8Key, AnyValueView into) {
    if (type == Type.KVLIST) {
      reader.reset(bytes, start, end);
      FieldReader entry = new FieldReader();
      while (reader.next()) {
        if (isElement() && findIn(entry, utf8Key, into)) {
          return true;
        }
      }
    }
    into.clear();
    return false;
  }

  private boolean findIn(FieldReader entry, byte[] utf8Key, AnyValueView into) {
    boolean keyMatches = utf8Key.length == 0;
    byte[] value = FieldReader.NOTHING;
    entry.reset(bytes, reader.valueStart, reader.valueEnd);
    while (entry.next()) {
      if (entry.wireType != FieldReader.LENGTH) {
        continue;
      }
      if (entry.field == KEY) {
        keyMatches =
            Arrays.equals(bytes, entry.valueStart, entry.valueEnd, utf8Key, 0, utf8Key.length);
      } else if (entry.field == VALUE) {
        value = Merge.concat(value, 0, value.length, bytes, entry.valueStart, entry.valueEnd);
      }
    }
    if (keyMatches) {
      into.set(value, 0, value.length);
    }
    return keyMatches;
  }

  private boolean isElement() {
    return reader.field == VALUES && reader.wireType == FieldReader.LENGTH;
  }

  private static int wireTypeOf(int field) {
    return switch (field) {
      case BOOL_VALUE, INT_VALUE, STRING_INDEX -> FieldReader.VARINT;
      case DOUBLE_VALUE -> FieldReader.FIXED64;
      default -> FieldReader.LENGTH;
    };
  }

  private static Type typeOf(int oneof) {
    return switch (oneof) {
      case STRING_VALUE -> Type.STRING;
      case BOOL_VALUE -> Type.BOOL;
      case INT_VALUE -> Type.INT;
      case DOUBLE_VALUE -> Type.DOUBLE;
      case ARRAY_VALUE -> Type.ARRAY;
      case KVLIST_VALUE -> Type.KVLIST;
      case BYTES_VALUE -> Type.BYTES;
      default -> Type.EMPTY;
    };
  }
}
