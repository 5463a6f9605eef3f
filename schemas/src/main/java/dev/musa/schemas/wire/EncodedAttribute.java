package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** A {@code opentelemetry.proto.common.v1.KeyValue}, encoded once to be added many times. */
public final class EncodedAttribute {
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int STRING_VALUE = 1;
  private static final int ARRAY_VALUE = 5;
  private static final int VALUES = 1;
  private static final int NO_TEXT = -1;

  private final byte[] key;
  private final long sketch;
  private final byte[] bytes;

  /** Of the text at the end of the bytes; negative if it is none. */
  private final int textLength;

  private EncodedAttribute(byte[] key, WireWriter anyValue, int textLength) {
    this.key = key;
    this.textLength = textLength;
    this.sketch = Attributes.sketch(key);
    WireWriter entry = new WireWriter();
    entry.field(KEY, key);
    int value = entry.size();
    entry.copy(anyValue.bytes(), 0, anyValue.size());
    entry.prefixLength(VALUE, value);
    this.bytes = Arrays.copyOf(entry.bytes(), entry.size());
  }

  /** With a string value; the array of the key is not copied. */
  public static EncodedAttribute text(byte[] utf8Key, String value) {
    WireWriter any = new WireWriter();
    byte[] utf8 = value.getBytes(UTF_8);
    any.field(STRING_VALUE, utf8);
    return new EncodedAttribute(utf8Key, any, utf8.length);
  }

  /** With an array of one string as value. */
  public static EncodedAttribute list(byte[] utf8Key, String value) {
    WireWriter any = new WireWriter();
    any.field(STRING_VALUE, value.getBytes(UTF_8));
    any.prefixLength(VALUES, 0);
    any.prefixLength(ARRAY_VALUE, 0);
    return new EncodedAttribute(utf8Key, any, NO_TEXT);
  }

  /** With the value of another attribute. */
  public static EncodedAttribute copy(byte[] utf8Key, AnyValueView value) {
    WireWriter any = new WireWriter();
    value.copyTo(any);
    return new EncodedAttribute(utf8Key, any, NO_TEXT);
  }

  /** Whether it was made with this as its string value. */
  public boolean hasText(Text text) {
    return text.length() == textLength
        && Arrays.equals(
            bytes,
            bytes.length - textLength,
            bytes.length,
            text.buffer(),
            text.start(),
            text.start() + textLength);
  }

  /** Whether attributes with this {@linkplain Attributes#sketch() sketch} lack it. */
  public boolean isMissingIn(Attributes attributes, long sketchOfAll) {
    return (sketchOfAll & sketch) == 0 || !attributes.has(key);
  }

  /** The key; read only. */
  public byte[] key() {
    return key;
  }

  byte[] bytes() {
    return bytes;
  }
}
