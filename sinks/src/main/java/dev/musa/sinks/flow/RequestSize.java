package dev.musa.sinks.flow;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The size at which requests are aimed: halved when the backend finds one too large, and growing
 * back with what it takes. Thread-safe.
 */
public final class RequestSize {
  private static final int SMALLEST = 64 * 1024;

  private final int largest;
  private final AtomicInteger target;

  public RequestSize(int largest) {
    this.largest = largest;
    this.target = new AtomicInteger(largest);
  }

  public int target() {
    return target.get();
  }

  void tooLarge(int bytes) {
    target.updateAndGet(now -> Math.min(now, Math.max(Math.min(SMALLEST, largest), bytes / 2)));
  }

  void accepted(int bytes) {
    if (target.get() < largest && bytes > target.get() / 2) {
      target.updateAndGet(now -> Math.min(largest, now + now / 64 + 1));
    }
  }
}
