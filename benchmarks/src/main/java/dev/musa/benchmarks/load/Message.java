package dev.musa.benchmarks.load;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The bytes of one call as gRPC takes them, without a copy. gRPC may read them until the call ends.
 */
final class Message extends ByteArrayInputStream implements KnownLength, Drainable {
  Message(byte[] bytes, int length) {
    super(bytes, 0, length);
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int length = available();
    target.write(buf, pos, length);
    pos = count;
    return length;
  }
}
