package dev.musa.rules.condition;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of constant texts, asked with bytes in place. */
final class TextSet {
  /** Open addressing, at most half full, a power of two long. */
  private final byte[] @Nullable [] slots;

  TextSet(List<byte[]> texts) {
    slots = new byte[Integer.highestOneBit(Math.max(1, texts.size()) * 4)][];
    for (byte[] text : texts) {
      int slot = slot(text, 0, text.length);
      while (slots[slot] != null) {
        slot = (slot + 1) & (slots.length - 1);
      }
      slots[slot] = text;
    }
  }

  boolean contains(byte[] buffer, int start, int length) {
    int slot = slot(buffer, start, length);
    for (byte[] text = slots[slot]; text != null; text = slots[slot]) {
      if (text.length == length && Arrays.equals(text, 0, length, buffer, start, start + length)) {
        return true;
      }
      slot = (slot + 1) & (slots.length - 1);
    }
    return false;
  }

  /** Length and a few bytes tell most texts apart; hashing all of a long body would not pay. */
  private int slot(byte[] buffer, int start, int length) {
    int hash = length;
    if (length > 0) {
      hash = hash * 31 + buffer[start];
      hash = hash * 31 + buffer[start + length / 2];
      hash = hash * 31 + buffer[start + length - 1];
      hash = hash * 31 + buffer[start + length - 1 - (length - 1) / 3];
    }
    hash *= 0x9e3779b9;
    return (hash >>> 16) & (slots.length - 1);
  }
}
