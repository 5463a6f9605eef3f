package dev.musa.sinks.flow;

/**
 * Checks that an OTLP message may be concatenated with others: that its outermost fields end where
 * it ends. A truncated one would take the bytes of its neighbour for its own.
 */
final class Framing {
  private static final int RESOURCE_FIELD = (1 << 3) | 2;

  private Framing() {}

  /** Whether the bytes are nothing but whole fields number 1, all that such a message has. */
  static boolean isWhole(byte[] message) {
    int at = 0;
    while (at < message.length) {
      if (message[at++] != RESOURCE_FIELD) {
        return false;
      }
      long length = 0;
      int shift = 0;
      byte b;
      do {
        if (at == message.length || shift > 28) {
          return false;
        }
        b = message[at++];
        length |= (long) (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0);
      if (length > message.length - at) {
        return false;
      }
      at += (int) length;
    }
    return true;
  }
}
