package dev.musa.processors.traces;

import dev.musa.processors.stages.Outcomes;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings assigned partitions to where their last transaction left them: both passes at the
 * committed offset, the decisions of the time before it remembered.
 */
final class PartitionOpener {
  private static final Logger log = LoggerFactory.getLogger(PartitionOpener.class);

  private static final Duration POLL = Duration.ofMillis(50);
  private static final long PATIENCE_MILLIS = 20_000;

  /** What the clocks of this machine and of a broker may differ by: more is remembered, no less. */
  private static final long CLOCK_MARGIN_MILLIS = 120_000;

  /** Makes the empty state of a partition. */
  @FunctionalInterface
  interface Fresh {
    PartitionTraces at(TopicPartition partition, long position, long committed);
  }

  private final Consumer<byte[], byte[]> one;
  private final Consumer<byte[], byte[]> two;
  private final DecisionHistory history;
  private final TraceTransaction transaction;
  private final long rememberMillis;
  private final Ticker ticker;
  private final InstantSource clock;

  PartitionOpener(
      Consumer<byte[], byte[]> one,
      Consumer<byte[], byte[]> two,
      DecisionHistory history,
      TraceTransaction transaction,
      Duration rememberDecisions,
      Ticker ticker,
      InstantSource clock) {
    this.one = one;
    this.two = two;
    this.history = history;
    this.transaction = transaction;
    this.rememberMillis = rememberDecisions.toMillis();
    this.ticker = ticker;
    this.clock = clock;
  }

  /**
   * Adds these partitions to the open ones.
   *
   * @throws InvalidOffsetException if meanwhile the position of another open partition turns out to
   *     be gone; then nothing was read for the added ones, and all are to be opened again
   */
  void open(
      Set<TopicPartition> added, Map<TopicPartition, PartitionTraces> partitions, Fresh fresh) {
    // Waits for the offsets of a dead owner's last transaction.
    Map<TopicPartition, OffsetAndMetadata> committed = one.committed(added);
    Map<TopicPartition, Long> begins = one.beginningOffsets(added);
    Map<TopicPartition, Long> ends = one.endOffsets(added);
    Map<TopicPartition, PartitionTraces> opened = new LinkedHashMap<>();
    for (TopicPartition partition : added) {
      OffsetAndMetadata offset = committed.get(partition);
      long before = offset == null ? -1 : offset.offset();
      long begin = begins.getOrDefault(partition, 0L);
      long end = ends.getOrDefault(partition, 0L);
      long position = position(partition, before, begin, end);
      opened.put(partition, fresh.at(partition, position, before));
    }
    partitions.putAll(opened);
    two.assign(partitions.keySet());
    opened.forEach((partition, traces) -> {
      one.seek(partition, traces.position());
      two.seek(partition, traces.position());
    });
    history.restore(decisionsSince(opened, ends));
    opened.forEach((partition, traces) ->
        transaction.work().beginAt(partition, traces.position() - traces.skipped()));
    opened.values().forEach(this::countExpired);
    log.atDebug().addKeyValue("partitions", opened.keySet()).log("trace partitions opened");
  }

  private long position(TopicPartition partition, long committed, long begin, long end) {
    if (committed < 0) {
      return begin;
    }
    if (committed < begin) {
      return begin;
    }
    if (committed > end) {
      log.atError()
          .addKeyValue("partition", partition)
          .addKeyValue("committed", committed)
          .addKeyValue("end", end)
          .log("the raw topic ends before what was processed of it: the broker has lost records");
      return end;
    }
    return committed;
  }

  /** Nobody can say whose the deleted records were, or how many spans they held. */
  private void countExpired(PartitionTraces traces) {
    long records = traces.skipped();
    if (records > 0) {
      log.atWarn()
          .addKeyValue("partition", traces.rawPartition())
          .addKeyValue("records", records)
          .log("raw traces were deleted by retention before they were processed");
      transaction.work().countApart("", Signal.TRACES, Outcomes.EXPIRED, "", records, 0);
      transaction
          .work()
          .expired(
              new Account(
                  Account.PROCESSORS,
                  Signal.TRACES,
                  traces.rawPartition().topic(),
                  traces.rawPartition().partition()),
              traces.position() - records,
              traces.position());
    }
  }

  private Map<PartitionTraces, Long> decisionsSince(
      Map<TopicPartition, PartitionTraces> opened, Map<TopicPartition, Long> ends) {
    fetchFirst(opened, ends);
    Map<PartitionTraces, Long> since = new HashMap<>();
    for (PartitionTraces traces : opened.values()) {
      // Without a record at the position the next one will come now or later.
      ConsumerRecord<byte[], byte[]> first = traces.firstFetched();
      long time = first == null ? clock.millis() - CLOCK_MARGIN_MILLIS : first.timestamp();
      since.put(traces, time - rememberMillis);
    }
    return since;
  }

  /** Fetches for pass two until the record at the position of each partition is there. */
  private void fetchFirst(
      Map<TopicPartition, PartitionTraces> opened, Map<TopicPartition, Long> ends) {
    Set<TopicPartition> missing = new HashSet<>();
    long deadline = ticker.millis() + PATIENCE_MILLIS;
    while (true) {
      missing.clear();
      opened.forEach((partition, traces) -> {
        if (traces.firstFetched() == null
            && two.position(partition) < ends.getOrDefault(partition, 0L)) {
          missing.add(partition);
        }
      });
      two.pause(two.assignment());
      two.resume(missing);
      if (missing.isEmpty()) {
        return;
      }
      if (ticker.millis() > deadline) {
        throw new TimeoutException(
            "no record from %s for %d ms (expected: one, as they do not end there)"
                .formatted(missing, PATIENCE_MILLIS));
      }
      var records = two.poll(POLL);
      for (TopicPartition partition : records.partitions()) {
        PartitionTraces traces = opened.get(partition);
        if (traces != null) {
          List<ConsumerRecord<byte[], byte[]>> fetched = records.records(partition);
          fetched.forEach(traces::add);
        }
      }
    }
  }
}
