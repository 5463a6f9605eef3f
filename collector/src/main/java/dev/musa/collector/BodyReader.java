package dev.musa.collector;

import dev.musa.collector.ByteBudget.Reservation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads a body into one array, within the size limit and within what the budget still has. */
final class BodyReader {
  private static final int FIRST_BUFFER = 16 * 1024;

  private final int maxBytes;

  BodyReader(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** Reads a body whose length is known. */
  byte[] readExactly(InputStream in, int length, Reservation reservation) throws IOException {
    if (length > maxBytes) {
      throw new BodyRefusedException(tooLarge(length + " bytes"));
    }
    if (!reservation.resize(length)) {
      throw new BodyRefusedException(Admission.overBudget());
    }
    byte[] body = new byte[length];
    int read = in.readNBytes(body, 0, length);
    if (read < length) {
      throw new BodyRefusedException(
          new Outcome.Invalid("body: " + read + " bytes (expected: " + length + ")"));
    }
    return body;
  }

  /** Reads a body that ends where it ends, for example because it is compressed. */
  byte[] readToEnd(InputStream in, Reservation reservation) throws IOException {
    byte[] buffer = new byte[Math.min(FIRST_BUFFER, maxBytes + 1)];
    int length = 0;
    while (true) {
      int read = in.read(buffer, length, buffer.length - length);
      if (read < 0) {
        break;
      }
      length += read;
      if (length > maxBytes) {
        throw new BodyRefusedException(tooLarge("more than " + maxBytes + " bytes"));
      }
      if (length == buffer.length) {
        int larger = (int) Math.min(2L * buffer.length, maxBytes + 1L);
        if (!reservation.growTo(larger)) {
          throw new BodyRefusedException(Admission.overBudget());
        }
        buffer = Arrays.copyOf(buffer, larger);
      }
    }
    if (!reservation.resize(length)) {
      throw new BodyRefusedException(Admission.overBudget());
    }
    return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
  }

  Outcome.TooLarge tooLarge(String actual) {
    return new Outcome.TooLarge(
        "request: "
            + actual
            + " after decompression (expected: at most "
            + maxBytes
            + "; send smaller batches or raise collector.maxRequestBytes)");
  }
}
