package dev.musa.processors.streams;

import dev.musa.processors.stages.UnitOfWork;
import dev.musa.runtime.kafka.ExpiredListener;
import dev.musa.runtime.kafka.GroupOffsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The main consumer of a stream thread. It keeps the {@link Backlog} and steps over records that
 * retention has deleted, where Streams would end the thread. A log that has lost its tail does end
 * it: records may be missing that somebody believes to be safe.
 */
final class WatchedConsumer extends KafkaConsumer<byte[], byte[]> {
  private final Transactions transactions;
  private final Backlog backlog;
  private final ExpiredListener expired;
  private Set<TopicPartition> assigned = Set.of();

  /** Of these nothing has come yet. */
  private final Set<TopicPartition> added = new HashSet<>();

  WatchedConsumer(
      Map<String, Object> config,
      Transactions transactions,
      Backlog backlog,
      ExpiredListener expired) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.transactions = transactions;
    this.backlog = backlog;
    this.expired = expired;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      followAssignment();
      tellBegins(records.partitions());
      backlog.fetched(records);
      return records;
    } catch (LogTruncationException lostTail) {
      throw lostTail;
    } catch (OffsetOutOfRangeException lost) {
      followAssignment();
      tellBegins(lost.partitions());
      GroupOffsets.seekPastExpired(this, lost, this::expired);
      return ConsumerRecords.empty();
    }
  }

  @Override
  public void close() {
    backlog.forget(assigned);
    super.close();
  }

  @Override
  public void close(CloseOptions options) {
    backlog.forget(assigned);
    super.close(options);
  }

  private void followAssignment() {
    Set<TopicPartition> now = assignment();
    if (!now.equals(assigned)) {
      Set<TopicPartition> gone = new HashSet<>(assigned);
      gone.removeAll(now);
      backlog.forget(gone);
      gone.forEach(transactions.current()::forget);
      now.stream().filter(each -> !assigned.contains(each)).forEach(added::add);
      added.retainAll(now);
      assigned = Set.copyOf(now);
    }
  }

  /** Asks only for what has been fetched, so that no open transaction can delay the answer. */
  private void tellBegins(Set<TopicPartition> fetched) {
    Set<TopicPartition> begun = new HashSet<>(added);
    begun.retainAll(fetched);
    if (begun.isEmpty()) {
      return;
    }
    UnitOfWork work = transactions.current();
    committed(begun)
        .forEach((partition, offset) -> {
          if (offset != null) {
            work.beginAt(partition, offset.offset());
          }
        });
    added.removeAll(begun);
  }

  private void expired(TopicPartition partition, long from, long to) {
    transactions.current().expired(partition, from, to);
    expired.expired(partition, from, to);
  }
}
