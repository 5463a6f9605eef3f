package dev.musa.schemas.wire;

/**
 * Recognises, without the general machinery, what nearly every attribute looks like: a KeyValue of
 * one short key and one AnyValue that holds a text, boolean, integer or double, each encoded in the
 * usual way, all text in ASCII. Says nothing about others: they may be as valid.
 */
final class PlainAttribute {
  private static final int KEY_TAG = (1 << 3) | FieldReader.LENGTH;
  private static final int VALUE_TAG = (2 << 3) | FieldReader.LENGTH;
  private static final int TEXT_TAG = (1 << 3) | FieldReader.LENGTH;
  private static final int BOOLEAN_TAG = (2 << 3) | FieldReader.VARINT;
  private static final int INTEGER_TAG = (3 << 3) | FieldReader.VARINT;
  private static final int DOUBLE_TAG = (4 << 3) | FieldReader.FIXED64;

  private PlainAttribute() {}

  /** True only for an attribute that is valid, its key one that every backend takes. */
  static boolean isValid(byte[] bytes, int from, int to) {
    // Tag, length and a byte of key; tag, length and tag of the value.
    if (to - from < 6 || bytes[from] != KEY_TAG) {
      return false;
    }
    int key = from + 2;
    int keyEnd = key + bytes[from + 1];
    if (keyEnd <= key || keyEnd > to - 3 || bytes[keyEnd] != VALUE_TAG) {
      return false;
    }
    int value = lengthPrefixed(bytes, keyEnd + 1, to);
    if (value == 0 || !isLetter(bytes[key])) {
      return false;
    }
    if (bytes[value] == TEXT_TAG && to - from <= Byte.MAX_VALUE) {
      // No tag or length in so few bytes has its high bit set: one look is for all.
      return lengthPrefixed(bytes, value + 1, to) > 0 && OtlpValidator.isAscii(bytes, from, to);
    }
    return isValidValue(bytes, value, to) && OtlpValidator.isAscii(bytes, key, keyEnd);
  }

  private static boolean isLetter(byte first) {
    int lower = first | 0x20;
    return lower >= 'a' && lower <= 'z';
  }

  /** Whether an AnyValue that is not empty is plain and valid. */
  static boolean isValidValue(byte[] bytes, int from, int to) {
    return switch (bytes[from]) {
      case TEXT_TAG -> {
        int text = lengthPrefixed(bytes, from + 1, to);
        yield text > 0 && OtlpValidator.isAscii(bytes, text, to);
      }
      case BOOLEAN_TAG, INTEGER_TAG -> isVarint(bytes, from + 1, to);
      case DOUBLE_TAG -> to - from == 1 + Double.BYTES;
      default -> false;
    };
  }

  /**
   * Where the content begins whose length stands at {@code at}, in one or two bytes; 0 if it does
   * not end at {@code to} exactly.
   */
  private static int lengthPrefixed(byte[] bytes, int at, int to) {
    if (at >= to) {
      return 0;
    }
    int length = bytes[at];
    int begin = at + 1;
    if (length < 0) {
      if (begin == to || bytes[begin] < 0) {
        return 0;
      }
      length = (length & 0x7f) | (bytes[begin] << 7);
      begin++;
    }
    return begin + length == to && length > 0 ? begin : 0;
  }

  private static boolean isVarint(byte[] bytes, int from, int to) {
    if (from >= to || to - from > 10 || bytes[to - 1] < 0) {
      return false;
    }
    for (int at = from; at < to - 1; at++) {
      if (bytes[at] >= 0) {
        return false;
      }
    }
    return true;
  }
}
