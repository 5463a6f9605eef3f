package dev.musa.schemas.wire;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A view of a repeated {@code opentelemetry.proto.common.v1.KeyValue}. Keys are located at the
 * first look-up. Of equal keys, which OTLP forbids, the first one counts.
 */
public final class Attributes {
  private static final int KEY = 1;
  private static final int VALUE = 2;
  private static final int INITIAL_CAPACITY = 32;

  /** Per attribute: entry start and end, key start and end, value start and end. */
  private static final int STRIDE = 6;

  private final FieldReader reader = new FieldReader();
  private final Text keyText = new Text();
  private byte[] bytes = FieldReader.NOTHING;
  private int[] ranges = new int[INITIAL_CAPACITY * STRIDE];
  private int size;
  private int located;
  private long version;

  /** Values of attributes whose value field occurs twice, by index; null nearly always. */
  private byte @Nullable [] @Nullable [] merged;

  void clear(byte[] source) {
    version++;
    bytes = source;
    size = 0;
    located = 0;
    merged = null;
  }

  /** Adds the KeyValue message at {@code from} to {@code to}. */
  void add(int from, int to) {
    int at = size * STRIDE;
    if (at == ranges.length) {
      ranges = Arrays.copyOf(ranges, at * 2);
    }
    ranges[at] = from;
    ranges[at + 1] = to;
    size++;
  }

  /** Another number whenever these are the attributes of something else. */
  public long version() {
    return version;
  }

  /** Number of attributes, equal keys counted each. */
  public int size() {
    return size;
  }

  /** The key at {@code index}; the view is the same at each call. */
  public Text key(int index) {
    locate();
    keyText.set(bytes, ranges[index * STRIDE + 2], ranges[index * STRIDE + 3]);
    return keyText;
  }

  /** Puts the value at {@code index} into {@code into}. */
  public void value(int index, AnyValueView into) {
    locate();
    byte[] override = merged == null ? null : merged[index];
    if (override != null) {
      into.set(override, 0, override.length);
    } else {
      into.set(bytes, ranges[index * STRIDE + 4], ranges[index * STRIDE + 5]);
    }
  }

  /**
   * Puts the value of the first attribute with this key into {@code into}; false, and the empty
   * value, if there is none.
   */
  public boolean find(byte[] utf8Key, AnyValueView into) {
    int index = indexOf(utf8Key);
    if (index < 0) {
      into.clear();
      return false;
    }
    value(index, into);
    return true;
  }

  public boolean has(byte[] utf8Key) {
    return indexOf(utf8Key) >= 0;
  }

  /**
   * The {@linkplain #sketch(byte[]) sketches} of all keys in one: where a key's bit is not set, the
   * key is not there.
   */
  public long sketch() {
    locate();
    long sketch = 0;
    for (int i = 0, at = 0; i < size; i++, at += STRIDE) {
      sketch |= bit(bytes, ranges[at + 2], ranges[at + 3]);
    }
    return sketch;
  }

  /** One bit for a key. */
  public static long sketch(byte[] utf8Key) {
    return bit(utf8Key, 0, utf8Key.length);
  }

  private static long bit(byte[] source, int from, int to) {
    int length = to - from;
    return length == 0 ? 1 : 1L << (length * 7 + source[to - 1] + source[from + length / 2] * 3);
  }

  /** Whether the key is there more than once, which OTLP forbids. */
  public boolean isRepeated(byte[] utf8Key) {
    int first = indexOf(utf8Key);
    return first >= 0 && indexOf(utf8Key, first + 1) >= 0;
  }

  /** The first index of the key, or -1. */
  public int indexOf(byte[] utf8Key) {
    return indexOf(utf8Key, 0);
  }

  private int indexOf(byte[] utf8Key, int from) {
    locate();
    for (int i = from, at = from * STRIDE; i < size; i++, at += STRIDE) {
      int keyStart = ranges[at + 2];
      int keyEnd = ranges[at + 3];
      if (keyEnd - keyStart == utf8Key.length
          && Arrays.equals(bytes, keyStart, keyEnd, utf8Key, 0, utf8Key.length)) {
        return i;
      }
    }
    return -1;
  }

  private void locate() {
    for (; located < size; located++) {
      locate(located, located * STRIDE);
    }
  }

  private void locate(int index, int at) {
    int keyStart = ranges[at];
    int keyEnd = keyStart;
    int valueStart = keyStart;
    int valueEnd = valueStart;
    boolean hasValue = false;
    reader.reset(bytes, ranges[at], ranges[at + 1]);
    while (reader.next()) {
      if (reader.wireType != FieldReader.LENGTH) {
        continue;
      }
      if (reader.field == KEY) {
        keyStart = reader.valueStart;
        keyEnd = reader.valueEnd;
      } else if (reader.field == VALUE) {
        if (hasValue) {
          mergeValue(index, valueStart, valueEnd);
        }
        hasValue = true;
        valueStart = reader.valueStart;
        valueEnd = reader.valueEnd;
      }
    }
    ranges[at + 2] = keyStart;
    ranges[at + 3] = keyEnd;
    ranges[at + 4] = valueStart;
    ranges[at + 5] = valueEnd;
  }

  private void mergeValue(int index, int previousStart, int previousEnd) {
    byte[][] values = merged == null ? new byte[size][] : Arrays.copyOf(merged, size);
    byte[] previous = values[index];
    values[index] =
        previous == null
            ? Merge.concat(
                bytes, previousStart, previousEnd, bytes, reader.valueStart, reader.valueEnd)
            : Merge.concat(previous, 0, previous.length, bytes, reader.valueStart, reader.valueEnd);
    merged = values;
  }
}
