package dev.musa.processors.streams;

import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.WaitingHeader;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads some topics with a delay: a record that says until when it waits is not handed over before
 * that, and its partition is not fetched meanwhile. Streams, which cannot wait, never sees it. For
 * one thread.
 */
final class HeldBack {
  /**
   * How long a record waits until it is looked at again. All wait equally long, so that they become
   * due in their order.
   */
  static final long WAIT_MILLIS = 2_000;

  private final Set<String> topics;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Map<TopicPartition, Hold> holds = new HashMap<>();

  /** What the owner of the consumer does not want to be fetched. */
  private final Set<TopicPartition> paused = new HashSet<>();

  /** Up to when a partition is not fetched, and which record is due then, whatever the clock. */
  private record Hold(long offset, long untilNanos) {}

  /**
   * @param topics that are read with a delay
   * @param nanos a clock that nobody sets
   */
  HeldBack(Set<String> topics, InstantSource clock, LongSupplier nanos) {
    this.topics = Set.copyOf(topics);
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Lets those partitions be fetched again whose first record is due. */
  void release(Consumer<?, ?> consumer) {
    if (holds.isEmpty() && paused.isEmpty()) {
      return;
    }
    long now = nanos.getAsLong();
    Set<TopicPartition> assigned = consumer.assignment();
    for (Iterator<Map.Entry<TopicPartition, Hold>> all = holds.entrySet().iterator();
        all.hasNext(); ) {
      Map.Entry<TopicPartition, Hold> each = all.next();
      if (!assigned.contains(each.getKey())) {
        all.remove();
      } else if (now - each.getValue().untilNanos >= 0
          && !paused.contains(each.getKey())
          && consumer.paused().contains(each.getKey())) {
        consumer.resume(List.of(each.getKey()));
      }
    }
    paused.retainAll(assigned);
  }

  /** The owner of the consumer does not want these to be fetched. */
  void paused(Collection<TopicPartition> partitions) {
    paused.addAll(partitions);
  }

  /**
   * The owner of the consumer wants these to be fetched again.
   *
   * @return those that may be
   */
  List<TopicPartition> resumed(Collection<TopicPartition> partitions) {
    paused.removeAll(Set.copyOf(partitions));
    long now = nanos.getAsLong();
    return partitions.stream().filter(partition -> !isHeld(partition, now)).toList();
  }

  private boolean isHeld(TopicPartition partition, long now) {
    Hold hold = holds.get(partition);
    return hold != null && now - hold.untilNanos < 0;
  }

  /** What was fetched without what is not due; that will be fetched again. */
  ConsumerRecords<byte[], byte[]> keepBack(
      ConsumerRecords<byte[], byte[]> fetched, Consumer<?, ?> consumer) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> left = null;
    Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
    for (TopicPartition partition : fetched.partitions()) {
      if (!topics.contains(partition.topic())) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> records = fetched.records(partition);
      int due = firstNotDue(partition, records);
      if (due < records.size()) {
        if (left == null) {
          left = all(fetched);
          next.putAll(fetched.nextOffsets());
        }
        ConsumerRecord<byte[], byte[]> first = records.get(due);
        if (due == 0) {
          left.remove(partition);
          next.remove(partition);
        } else {
          left.put(partition, records.subList(0, due));
          next.put(partition, new OffsetAndMetadata(first.offset(), first.leaderEpoch(), ""));
        }
        consumer.seek(partition, new OffsetAndMetadata(first.offset(), first.leaderEpoch(), ""));
        consumer.pause(List.of(partition));
      }
    }
    return left == null ? fetched : new ConsumerRecords<>(left, next);
  }

  private static Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> all(
      ConsumerRecords<byte[], byte[]> fetched) {
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> all = new HashMap<>();
    fetched.partitions().forEach(partition -> all.put(partition, fetched.records(partition)));
    return all;
  }

  private int firstNotDue(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    for (int i = 0; i < records.size(); i++) {
      if (!isDue(partition, records.get(i))) {
        return i;
      }
    }
    holds.remove(partition);
    return records.size();
  }

  private boolean isDue(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
    long now = nanos.getAsLong();
    Hold hold = holds.get(partition);
    if (hold != null && hold.offset == record.offset()) {
      return now - hold.untilNanos >= 0;
    }
    OptionalLong until = until(record);
    // A clock that was set back must not make it wait longer than all wait.
    long millis = until.isEmpty() ? 0 : Math.min(WAIT_MILLIS, until.getAsLong() - clock.millis());
    if (millis <= 0) {
      return true;
    }
    holds.put(partition, new Hold(record.offset(), now + TimeUnit.MILLISECONDS.toNanos(millis)));
    return false;
  }

  /** Empty if it does not say: then whoever looks at it may say what is wrong. */
  private static OptionalLong until(ConsumerRecord<byte[], byte[]> record) {
    try {
      return OptionalLong.of(WaitingHeader.read(record.headers()));
    } catch (BadHeadersException _) {
      return OptionalLong.empty();
    }
  }
}
