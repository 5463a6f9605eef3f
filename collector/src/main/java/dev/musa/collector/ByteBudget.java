package dev.musa.collector;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of requests that are in flight, from before a body is read until Kafka has
 * answered for all of it. What does not fit is refused, never queued.
 */
final class ByteBudget {
  /** What a request takes beside its bytes, so that tiny ones are bounded too. */
  static final int OVERHEAD = 4 << 10;

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Takes {@code bytes} and the overhead of a request out of the budget, or returns null if that
   * many are not left.
   */
  @Nullable Reservation reserve(long bytes) {
    return take(bytes + OVERHEAD) ? new Reservation(bytes + OVERHEAD) : null;
  }

  long used() {
    return used.get();
  }

  long limit() {
    return limit;
  }

  private boolean take(long bytes) {
    if (used.addAndGet(bytes) > limit) {
      used.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** What one request holds of the budget. Closing it twice is harmless. */
  final class Reservation implements AutoCloseable {
    private static final long CLOSED = -1;
    private final AtomicLong held;

    private Reservation(long total) {
      held = new AtomicLong(total);
    }

    /** Holds {@code bytes} from now on; false if they are not left, and then all is as before. */
    boolean resize(long bytes) {
      long before = held.get();
      if (before == CLOSED) {
        return false;
      }
      long total = bytes + OVERHEAD;
      long more = total - before;
      if (more > 0 && !take(more)) {
        return false;
      }
      if (!held.compareAndSet(before, total)) {
        if (more > 0) {
          used.addAndGet(-more);
        }
        return false;
      }
      if (more < 0) {
        used.addAndGet(more);
      }
      return true;
    }

    /** Holds at least {@code bytes} from now on. */
    boolean growTo(long bytes) {
      return bytes + OVERHEAD <= held.get() || resize(bytes);
    }

    @Override
    public void close() {
      long before = held.getAndSet(CLOSED);
      if (before != CLOSED) {
        used.addAndGet(-before);
      }
    }
  }
}
