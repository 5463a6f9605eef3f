package dev.musa.schemas.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A view of one message whose fields are located at the first access, in one pass. A field of
 * another wire type than declared is an unknown field, as protobuf has it.
 */
abstract sealed class MessageView permits ItemView, MetricView, ResourceView, ScopeView {
  private static final int ABSENT = -1;
  private static final int NOT_PLAIN = -1;
  private static final Visitor NOBODY = _ -> {};

  private final Layout layout;
  private final FieldReader reader = new FieldReader();
  private final int[] starts;
  private final int[] ends;
  private final long[] varints;
  private byte[] bytes = FieldReader.NOTHING;
  private int start;
  private int end;
  private boolean located = true;

  /** The value of the layout's message field if it occurs more than once. */
  private byte @Nullable [] merged;

  /** Which fields a view knows; field numbers above the highest known one are never located. */
  static final class Layout {
    final byte[] wireTypes;

    /** A singular message field, merged if it occurs twice; 0 if there is none. */
    final int messageField;

    Layout(int highestField, int messageField) {
      this.wireTypes = new byte[highestField + 1];
      Arrays.fill(wireTypes, (byte) ABSENT);
      this.messageField = messageField;
    }

    Layout with(int wireType, int... fields) {
      for (int field : fields) {
        wireTypes[field] = (byte) wireType;
      }
      return this;
    }
  }

  MessageView(Layout layout) {
    this.layout = layout;
    this.starts = new int[layout.wireTypes.length];
    this.ends = new int[layout.wireTypes.length];
    this.varints = new long[layout.wireTypes.length];
    Arrays.fill(starts, ABSENT);
  }

  void set(byte[] source, int from, int to) {
    bytes = source;
    start = from;
    end = to;
    located = false;
  }

  byte[] bytes() {
    return bytes;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  /** Told of each occurrence of a field that the layout does not hold as singular. */
  abstract int attributesField();

  abstract Attributes attributesOrEmpty();

  final boolean has(int field) {
    locate();
    return starts[field] != ABSENT;
  }

  final int lengthOf(int field) {
    locate();
    return starts[field] == ABSENT ? 0 : ends[field] - starts[field];
  }

  final int startOf(int field) {
    locate();
    return starts[field];
  }

  final long varint(int field) {
    locate();
    return starts[field] == ABSENT ? 0 : varints[field];
  }

  final long fixed64(int field) {
    locate();
    return starts[field] == ABSENT ? 0 : FieldReader.fixed64(bytes, starts[field]);
  }

  final int fixed32(int field) {
    locate();
    return starts[field] == ABSENT ? 0 : FieldReader.fixed32(bytes, starts[field]);
  }

  /** Eight bytes of an id as a number, 0 if the field is shorter than that. */
  final long idPart(int field, int at) {
    locate();
    return lengthOf(field) < at + Long.BYTES
        ? 0
        : FieldReader.bigEndian64(bytes, starts[field] + at);
  }

  final Text text(int field, Text into) {
    locate();
    if (starts[field] == ABSENT) {
      into.clear();
    } else {
      into.set(bytes, starts[field], ends[field]);
    }
    return into;
  }

  /** Points the reader at the layout's message field. */
  final void readMessage(FieldReader into) {
    locate();
    int field = layout.messageField;
    byte[] override = merged;
    if (override != null) {
      into.reset(override, 0, override.length);
    } else if (starts[field] == ABSENT) {
      into.reset(FieldReader.NOTHING, 0, 0);
    } else {
      into.reset(bytes, starts[field], ends[field]);
    }
  }

  /** Puts the layout's message field, an AnyValue, into the view. */
  final void readAnyValue(AnyValueView into) {
    locate();
    int field = layout.messageField;
    byte[] override = merged;
    if (override != null) {
      into.set(override, 0, override.length);
    } else if (starts[field] == ABSENT) {
      into.clear();
    } else {
      into.set(bytes, starts[field], ends[field]);
    }
  }

  /** Sees the fields of a message, one after the other. */
  interface Visitor {
    void visit(FieldReader at);
  }

  final void locate() {
    if (!located) {
      locate(PlainFields.UNCHECKED, NOBODY);
    }
  }

  /**
   * Locates the fields, and shows those on the way that are not plain, the unknown ones as well.
   */
  final void locate(PlainFields plain, Visitor others) {
    clear();
    byte[] source = bytes;
    int at = start;
    while (at < end) {
      int next = takePlain(plain, source, at);
      if (next == NOT_PLAIN) {
        reader.reset(source, at, end);
        reader.next();
        others.visit(reader);
        store();
        next = reader.valueEnd;
      }
      at = next;
    }
    located = true;
  }

  private void clear() {
    Arrays.fill(starts, ABSENT);
    merged = null;
    attributesOrEmpty().clear(bytes);
  }

  /** Locates the field at {@code at} if it is plain, and returns where it ends. */
  private int takePlain(PlainFields plain, byte[] source, int at) {
    int limit = end;
    int tag = source[at];
    int from = at + 1;
    if (tag < 0) {
      if (from == limit || source[from] < 0) {
        return NOT_PLAIN;
      }
      tag = (tag & 0x7f) | (source[from++] << 7);
    }
    int kind = plain.kind(tag);
    int to;
    switch (kind) {
      case PlainFields.OTHER -> {
        return NOT_PLAIN;
      }
      case PlainFields.VARINT -> {
        to = from + 1;
        if (to > limit || source[from] < 0) {
          return NOT_PLAIN;
        }
      }
      case PlainFields.FIXED64 -> to = from + Long.BYTES;
      case PlainFields.FIXED32 -> to = from + Integer.BYTES;
      default -> {
        if (from == limit) {
          return NOT_PLAIN;
        }
        int length = source[from++];
        if (length < 0) {
          if (from == limit || source[from] < 0) {
            return NOT_PLAIN;
          }
          length = (length & 0x7f) | (source[from++] << 7);
        }
        to = from + length;
        if (to > limit || !PlainFields.isPlain(kind, source, from, to)) {
          return NOT_PLAIN;
        }
      }
    }
    if (to > limit) {
      return NOT_PLAIN;
    }
    int field = tag >>> 3;
    int wireType = tag & 7;
    if (field == attributesField() && wireType == FieldReader.LENGTH) {
      attributesOrEmpty().add(from, to);
    } else if (field < layout.wireTypes.length && layout.wireTypes[field] == wireType) {
      if (field == layout.messageField && starts[field] != ABSENT) {
        return NOT_PLAIN;
      }
      starts[field] = from;
      ends[field] = to;
      varints[field] = kind == PlainFields.VARINT ? source[from] : 0;
    }
    return to;
  }

  private void store() {
    int field = reader.field;
    if (field == attributesField() && reader.wireType == FieldReader.LENGTH) {
      attributesOrEmpty().add(reader.valueStart, reader.valueEnd);
    } else if (field < layout.wireTypes.length && layout.wireTypes[field] == reader.wireType) {
      if (field == layout.messageField && starts[field] != ABSENT) {
        merge(field);
      }
      starts[field] = reader.valueStart;
      ends[field] = reader.valueEnd;
      varints[field] = reader.varint;
    }
  }

  private void merge(int field) {
    byte[] previous = merged;
    merged =
        previous == null
            ? Merge.concat(
                bytes, starts[field], ends[field], bytes, reader.valueStart, reader.valueEnd)
            : Merge.concat(previous, 0, previous.length, bytes, reader.valueStart, reader.valueEnd);
  }
}
