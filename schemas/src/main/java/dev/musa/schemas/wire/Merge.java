package dev.musa.schemas.wire;

/**
 * What protobuf prescribes for a singular message field that occurs more than once: the messages
 * are merged, and merging is concatenating their encodings. Rare, so it may copy.
 */
final class Merge {
  private Merge() {}

  static byte[] concat(byte[] a, int aStart, int aEnd, byte[] b, int bStart, int bEnd) {
    byte[] merged = new byte[aEnd - aStart + bEnd - bStart];
    System.arraycopy(a, aStart, merged, 0, aEnd - aStart);
    System.arraycopy(b, bStart, merged, aEnd - aStart, bEnd - bStart);
    return merged;
  }
}
