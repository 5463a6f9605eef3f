package dev.musa.collector;

import dev.musa.schemas.Signal;
import java.time.Instant;

/**
 * Lets the benchmarks call {@link RequestSplitter}, which is hidden from other packages and so can
 * only be reached from this one. Knows nothing of the bench.
 */
public final class SplitterDoor {
  private static final int MAX_RECORD_BYTES = 1 << 20;

  private final RequestSplitter splitter;

  public SplitterDoor(Signal signal) {
    splitter = new RequestSplitter(signal, "tenant-1", MAX_RECORD_BYTES);
  }

  /** What the collector would send. */
  public Object split(byte[] request, int partitions, Instant now) {
    return splitter.split(request, partitions, now);
  }

  /** The items in what {@link #split} returned. */
  public static int items(Object split) {
    int items = 0;
    for (SplitRequest.Part part : ((SplitRequest) split).parts()) {
      items += part.items();
    }
    return items;
  }
}
