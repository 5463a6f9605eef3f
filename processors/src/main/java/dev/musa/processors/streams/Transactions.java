package dev.musa.processors.streams;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.processors.stages.UnitOfWork.CountSink;

/**
 * The open transaction of each stream thread. All tasks of a thread write by one producer and so
 * share its transaction; Streams has no hook for its end, but asks us for the producer.
 */
public final class Transactions {
  private final ThreadLocal<UnitOfWork> ofThread;

  public Transactions(CountSink counters) {
    this.ofThread = ThreadLocal.withInitial(() -> new UnitOfWork(counters));
  }

  /** What the transaction of the calling thread has done so far. */
  public UnitOfWork current() {
    return ofThread.get();
  }
}
