package dev.musa.processors.streams;

import dev.musa.runtime.kafka.ExpiredListener;
import dev.musa.runtime.kafka.GroupOffsets;
import java.time.Duration;
import java.util.Collection;
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
 * The main consumer of a stream thread. It keeps the {@link Backlog}, lets what waits wait, and
 * steps over records that retention has deleted, where Streams would end the thread. A log that has
 * lost its tail does end it: records may be missing that somebody believes to be safe.
 */
final class WatchedConsumer extends KafkaConsumer<byte[], byte[]> {
  private final Backlog backlog;
  private final HeldBack heldBack;
  private final ExpiredListener expired;
  private Set<TopicPartition> assigned = Set.of();

  /** Whether it is not Streams that pauses and resumes. */
  private boolean steering;

  WatchedConsumer(
      Map<String, Object> config, Backlog backlog, HeldBack heldBack, ExpiredListener expired) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.backlog = backlog;
    this.heldBack = heldBack;
    this.expired = expired;
  }

  @Override
  public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    try {
      steering = true;
      heldBack.release(this);
      steering = false;
      ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
      followAssignment();
      backlog.fetched(records);
      steering = true;
      return heldBack.keepBack(records, this);
    } catch (LogTruncationException lostTail) {
      throw lostTail;
    } catch (OffsetOutOfRangeException lost) {
      GroupOffsets.seekPastExpired(this, lost, expired);
      return ConsumerRecords.empty();
    } finally {
      steering = false;
    }
  }

  /** Streams pauses what it cannot take now, we what is not due: either is enough. */
  @Override
  public void pause(Collection<TopicPartition> partitions) {
    if (!steering) {
      heldBack.paused(partitions);
    }
    super.pause(partitions);
  }

  @Override
  public void resume(Collection<TopicPartition> partitions) {
    super.resume(steering ? partitions : heldBack.resumed(partitions));
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
      assigned = Set.copyOf(now);
    }
  }
}
