package dev.musa.schemas.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.Signal;

/** What must hold for any bytes; shared by the property tests and the fuzzer. */
final class WireFuzz {
  private WireFuzz() {}

  /**
   * Walks, validates and slices the bytes as intake does. Malformed bytes may be refused as a
   * whole; of the others, what is accepted has to be parseable by generated classes, with as many
   * items as were accepted.
   */
  static void walk(Signal signal, byte[] bytes) {
    OtlpValidator validator = new OtlpValidator(signal, Integer.MAX_VALUE);
    Slicer slicer = new Slicer(signal);
    try {
      slicer.slice(bytes, 2, at -> validator.check(at) == null ? at.itemSize() & 1 : Slicer.DROP);
    } catch (MalformedOtlpException e) {
      if (e.offset() < 0 || e.offset() > bytes.length) {
        throw new AssertionError("offset " + e.offset() + " of " + bytes.length, e);
      }
      return;
    }
    for (int d = 0; d < 2; d++) {
      if (!slicer.isEmpty(d)) {
        checkParses(signal, slicer.bytes(d), slicer.items(d));
      }
    }
  }

  private static void checkParses(Signal signal, byte[] bytes, int items) {
    try {
      int parsed = Requests.items(Requests.parse(signal, bytes)).size();
      if (parsed != items) {
        throw new AssertionError(items + " items were accepted, " + parsed + " arrived");
      }
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("accepted, but cannot be parsed", e);
    }
  }
}
