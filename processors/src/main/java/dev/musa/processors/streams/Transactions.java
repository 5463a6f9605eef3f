package dev.musa.processors.streams;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.processors.stages.UnitOfWork.CountSink;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * The open transaction of each stream thread. All tasks of a thread write by one producer and so
 * share its transaction; Streams has no hook for its end, but asks us for the producer.
 */
public final class Transactions {
  private final ThreadLocal<UnitOfWork> ofThread;
  private volatile Map<TopicPartition, Long> begins = Map.of();

  public Transactions(CountSink counters) {
    this.ofThread =
        ThreadLocal.withInitial(() -> {
          UnitOfWork work = new UnitOfWork(counters);
          begins.forEach(work::beginAt);
          return work;
        });
  }

  /** Where the group stands before any of its threads runs. */
  void beginAt(Map<TopicPartition, Long> offsets) {
    begins = Map.copyOf(offsets);
  }

  /** What the transaction of the calling thread has done so far. */
  public UnitOfWork current() {
    return ofThread.get();
  }
}
