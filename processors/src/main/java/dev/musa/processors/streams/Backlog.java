package dev.musa.processors.streams;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * What has been fetched and not committed yet, to tell how old the oldest of it is. Keeps one entry
 * per partition and poll. Thread-safe.
 */
final class Backlog {
  /** What {@link #oldestUnixMilli} says if nothing is pending. */
  static final long NOTHING_PENDING = Long.MAX_VALUE;

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<TopicPartition, Deque<Run>> pending = new HashMap<>();

  void fetched(ConsumerRecords<?, ?> records) {
    if (records.isEmpty()) {
      return;
    }
    lock.lock();
    try {
      for (TopicPartition partition : records.partitions()) {
        List<? extends ConsumerRecord<?, ?>> fetched = records.records(partition);
        if (fetched.isEmpty()) {
          // An interceptor has left none of them.
          continue;
        }
        ConsumerRecord<?, ?> first = fetched.getFirst();
        Deque<Run> runs = pending.computeIfAbsent(partition, _ -> new ArrayDeque<>());
        if (!runs.isEmpty() && first.offset() <= runs.getLast().lastOffset) {
          // Read again after a transaction was aborted.
          runs.clear();
        }
        runs.add(new Run(first.timestamp(), fetched.getLast().offset()));
      }
    } finally {
      lock.unlock();
    }
  }

  void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    lock.lock();
    try {
      offsets.forEach((partition, offset) -> {
        Deque<Run> runs = pending.get(partition);
        while (runs != null && !runs.isEmpty() && runs.getFirst().lastOffset < offset.offset()) {
          runs.removeFirst();
        }
      });
    } finally {
      lock.unlock();
    }
  }

  /** These partitions are no longer ours. */
  void forget(Collection<TopicPartition> partitions) {
    lock.lock();
    try {
      partitions.forEach(pending::remove);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The timestamp of the oldest pending record, not younger than it and off by at most one poll.
   */
  long oldestUnixMilli() {
    lock.lock();
    try {
      return pending.values().stream()
          .filter(runs -> !runs.isEmpty())
          .mapToLong(runs -> runs.getFirst().timestamp)
          .min()
          .orElse(NOTHING_PENDING);
    } finally {
      lock.unlock();
    }
  }

  private record Run(long timestamp, long lastOffset) {}
}
