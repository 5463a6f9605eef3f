package dev.musa.runtime.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The bytes of one message as gRPC takes them: at once, and not through a buffer that it makes for
 * each message. gRPC may read them until the call ends.
 */
public final class MessageStream extends ByteArrayInputStream implements KnownLength, Drainable {
  public MessageStream(byte[] message) {
    super(message);
  }

  /** The first {@code length} bytes. */
  public MessageStream(byte[] bytes, int length) {
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
