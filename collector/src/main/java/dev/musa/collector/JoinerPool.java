package dev.musa.collector;

import dev.musa.schemas.wire.RequestJoiner;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Lends out joiners, which keep scratch space and serve one thread at a time. */
final class JoinerPool {
  private final BlockingQueue<RequestJoiner> idle;

  JoinerPool(int maxIdle) {
    this.idle = new ArrayBlockingQueue<>(maxIdle);
  }

  /**
   * {@link RequestJoiner#join} by a joiner that nobody else has meanwhile; throws {@link
   * dev.musa.schemas.wire.MalformedOtlpException}.
   */
  byte[] join(List<byte[]> requests) {
    RequestJoiner joiner = idle.poll();
    if (joiner == null) {
      joiner = new RequestJoiner();
    }
    byte[] joined = joiner.join(requests);
    // A full pool drops it; so many are needed only while a burst lasts.
    boolean _ = idle.offer(joiner);
    return joined;
  }
}
