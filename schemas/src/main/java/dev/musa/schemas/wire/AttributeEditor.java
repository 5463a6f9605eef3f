package dev.musa.schemas.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects changes to the attributes of one message and writes the message anew with them.
 * Everything that is not changed is copied byte by byte, in its order.
 */
public final class AttributeEditor {
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int STRING_VALUE = 1;

  private final FieldReader fields = new FieldReader();
  private final FieldReader entry = new FieldReader();
  private byte[][] keys = new byte[4][];
  private byte[] @Nullable [] values = new byte[4][];
  private boolean[] done = new boolean[4];
  private int size;
  private EncodedAttribute[] added = new EncodedAttribute[16];
  private int additions;
  private final WireWriter appended = new WireWriter();

  AttributeEditor() {}

  /** Gives the attribute this string value in place of the one it has, or adds it. */
  public void set(byte[] utf8Key, byte[] utf8Value) {
    put(utf8Key, utf8Value);
  }

  /** Removes the attribute if it is there. */
  public void remove(byte[] utf8Key) {
    put(utf8Key, null);
  }

  /** Adds an attribute behind all others; its key must not be there yet. */
  public void add(EncodedAttribute attribute) {
    if (additions == added.length) {
      added = Arrays.copyOf(added, additions * 2);
    }
    added[additions++] = attribute;
  }

  /**
   * What was {@linkplain #add added}, encoded, to be {@linkplain #append appended} another time;
   * null if there is more than that.
   */
  public byte @Nullable [] additions(int attributesField) {
    if (size > 0 || appended.size() > 0) {
      return null;
    }
    WireWriter all = new WireWriter();
    for (int i = 0; i < additions; i++) {
      all.field(attributesField, added[i].bytes());
    }
    return Arrays.copyOf(all.bytes(), all.size());
  }

  /** Adds encoded fields at the end of the message. */
  public void append(byte[] encodedFields) {
    appended.copy(encodedFields, 0, encodedFields.length);
  }

  /** Whether all that is there stays, and more comes behind it. */
  boolean onlyAdds() {
    return size == 0;
  }

  /** Writes what comes behind all that is there. */
  void writeAdditions(int attributesField, WireWriter into) {
    for (int i = 0; i < additions; i++) {
      into.field(attributesField, added[i].bytes());
    }
    into.copy(appended.bytes(), 0, appended.size());
  }

  boolean isEmpty() {
    return size == 0 && additions == 0 && appended.size() == 0;
  }

  void clear() {
    size = 0;
    additions = 0;
    appended.clear();
  }

  /** Writes the fields of the message between {@code from} and {@code to}, changed. */
  void write(byte[] source, int from, int to, int attributesField, WireWriter into) {
    if (size == 0) {
      into.copy(source, from, to);
    } else {
      writeEdited(source, from, to, attributesField, into);
    }
    writeAdditions(attributesField, into);
  }

  private void writeEdited(byte[] source, int from, int to, int attributesField, WireWriter into) {
    Arrays.fill(done, 0, size, false);
    fields.reset(source, from, to);
    while (fields.next()) {
      int edit =
          fields.field == attributesField && fields.wireType == FieldReader.LENGTH
              ? editOf(source)
              : -1;
      if (edit < 0) {
        into.copy(source, fields.start, fields.valueEnd);
      } else {
        writeEdit(edit, attributesField, into);
      }
    }
    for (int i = 0; i < size; i++) {
      writeEdit(i, attributesField, into);
    }
  }

  private void put(byte[] key, byte @Nullable [] value) {
    for (int i = 0; i < size; i++) {
      if (Arrays.equals(keys[i], key)) {
        values[i] = value;
        return;
      }
    }
    if (size == keys.length) {
      keys = Arrays.copyOf(keys, size * 2);
      values = Arrays.copyOf(values, size * 2);
      done = Arrays.copyOf(done, size * 2);
    }
    keys[size] = key;
    values[size] = value;
    size++;
  }

  /** The edit for the attribute that the reader stands on, or -1. */
  private int editOf(byte[] source) {
    int keyStart = 0;
    int keyEnd = 0;
    entry.reset(source, fields.valueStart, fields.valueEnd);
    while (entry.next()) {
      if (entry.field == KEY && entry.wireType == FieldReader.LENGTH) {
        keyStart = entry.valueStart;
        keyEnd = entry.valueEnd;
      }
    }
    for (int i = 0; i < size; i++) {
      if (Arrays.equals(source, keyStart, keyEnd, keys[i], 0, keys[i].length)) {
        return i;
      }
    }
    return -1;
  }

  /** Once per edit: a key that was sent twice must not keep its second value. */
  private void writeEdit(int edit, int attributesField, WireWriter into) {
    byte[] value = values[edit];
    if (value != null && !done[edit]) {
      int keyValue = into.size();
      into.field(KEY, keys[edit]);
      int anyValue = into.size();
      into.field(STRING_VALUE, value);
      into.prefixLength(VALUE, anyValue);
      into.prefixLength(attributesField, keyValue);
    }
    done[edit] = true;
  }
}
