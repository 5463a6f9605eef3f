package dev.musa.processors.traces;

import dev.musa.processors.sampling.Outcome;
import dev.musa.processors.sampling.Verdict;
import dev.musa.schemas.decisions.DecisionBatch;
import dev.musa.schemas.decisions.TraceOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads back what was decided before a partition came here. */
final class DecisionHistory {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Longer than a dead owner's transaction can hold readers back. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Shares one object per outcome. */
  static final class Outcomes {
    private final Map<TraceOutcome, Outcome> known = new HashMap<>();

    Outcome of(TraceOutcome read) {
      return known.computeIfAbsent(
          read,
          _ ->
              new Outcome(
                  read.kept() ? Verdict.KEPT : Verdict.SAMPLED_OUT,
                  read.policy().isEmpty() ? null : read.policy(),
                  read.rulesVersion()));
    }
  }

  private final TraceClients clients;
  private final Admin admin;
  private final String topic;
  private final Ticker ticker;

  DecisionHistory(TraceClients clients, Admin admin, String topic, Ticker ticker) {
    this.clients = clients;
    this.admin = admin;
    this.topic = topic;
    this.ticker = ticker;
  }

  /**
   * Gives each partition its decisions from a time on.
   *
   * <p>They are read to the high watermark, not to where a read_committed reader ends at the
   * moment: of a dead owner's last transaction the offsets may be committed and the decisions not
   * yet visible.
   *
   * @param since the time for each partition
   */
  void restore(Map<PartitionTraces, Long> since) {
    Map<TopicPartition, PartitionTraces> byDecisions = new HashMap<>();
    Map<TopicPartition, Long> times = new HashMap<>();
    since.forEach((traces, time) -> {
      TopicPartition decisions = new TopicPartition(topic, traces.rawPartition().partition());
      byDecisions.put(decisions, traces);
      times.put(decisions, Math.max(0, time));
    });
    Map<TopicPartition, Long> ends = highWatermarks(byDecisions);
    try (Consumer<byte[], byte[]> consumer = clients.history()) {
      Map<TopicPartition, Long> unread = seek(consumer, times, ends);
      Outcomes outcomes = new Outcomes();
      long deadline = ticker.millis() + PATIENCE.toMillis();
      while (!unread.isEmpty()) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
          TopicPartition from = new TopicPartition(record.topic(), record.partition());
          PartitionTraces traces = byDecisions.get(from);
          if (traces != null && record.value() != null) {
            traces.restore(DecisionBatch.parse(record.value()), outcomes);
          }
        }
        unread.entrySet().removeIf(e -> consumer.position(e.getKey()) >= e.getValue());
        if (!records.isEmpty()) {
          deadline = ticker.millis() + PATIENCE.toMillis();
        } else if (!unread.isEmpty() && ticker.millis() > deadline) {
          throw new TimeoutException(
              "decisions of %s: not readable up to their end for %d s (expected: any open transaction ends before)"
                  .formatted(unread.keySet(), PATIENCE.toSeconds()));
        }
      }
    }
  }

  private Map<TopicPartition, Long> seek(
      Consumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> times,
      Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> unread = new LinkedHashMap<>();
    consumer.assign(ends.keySet());
    // Asked first: what becomes visible between the two questions is read.
    Map<TopicPartition, Long> visible = consumer.endOffsets(ends.keySet());
    Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
    ends.forEach((partition, end) -> {
      OffsetAndTimestamp start = starts.get(partition);
      if (end > 0 && (start == null || start.offset() < end)) {
        unread.put(partition, end);
      }
    });
    consumer.assign(unread.keySet());
    for (TopicPartition partition : unread.keySet()) {
      OffsetAndTimestamp start = starts.get(partition);
      // None found: what is visible is too old, what is not yet visible may not be.
      consumer.seek(
          partition, start != null ? start.offset() : visible.getOrDefault(partition, 0L));
    }
    return unread;
  }

  private Map<TopicPartition, Long> highWatermarks(Map<TopicPartition, PartitionTraces> of) {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    of.keySet().forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    try {
      Map<TopicPartition, ListOffsetsResultInfo> found =
          admin
              .listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
              .all()
              .get();
      found.forEach((partition, info) -> ends.put(partition, info.offset()));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException("cannot find the end of " + latest.keySet(), e.getCause());
    }
    return ends;
  }
}
