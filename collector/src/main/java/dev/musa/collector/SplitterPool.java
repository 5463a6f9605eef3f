package dev.musa.collector;

import dev.musa.schemas.Signal;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;

/** Lends out splitters, which keep scratch space and serve one thread at a time. */
final class SplitterPool {
  /** A splitter that has seen a larger request is let go: its scratch space grew with it. */
  private static final int LARGE_REQUEST = 1 << 20;

  private final Map<Signal, BlockingQueue<RequestSplitter>> idle = new EnumMap<>(Signal.class);
  private final Function<Signal, RequestSplitter> factory;

  SplitterPool(int maxIdle, Function<Signal, RequestSplitter> factory) {
    this.factory = factory;
    for (Signal signal : Signal.values()) {
      idle.put(signal, new ArrayBlockingQueue<>(maxIdle));
    }
  }

  /** {@link RequestSplitter#split} by a splitter that nobody else has meanwhile. */
  SplitRequest split(Signal signal, byte[] body, int partitions, Instant now) {
    BlockingQueue<RequestSplitter> queue = Objects.requireNonNull(idle.get(signal));
    RequestSplitter splitter = queue.poll();
    if (splitter == null) {
      splitter = factory.apply(signal);
    }
    try {
      return splitter.split(body, partitions, now);
    } finally {
      if (body.length <= LARGE_REQUEST) {
        // A full pool drops it; so many are needed only while a burst lasts.
        boolean _ = queue.offer(splitter);
      }
    }
  }
}
