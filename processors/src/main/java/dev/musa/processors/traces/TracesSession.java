package dev.musa.processors.traces;

import dev.musa.processors.enrich.Enricher;
import dev.musa.processors.sampling.SamplerLimits;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Both passes over the partitions of one group member, from joining the group to an error or the
 * end. All it holds can be recomputed from the log: after an error the next session goes on where
 * the last transaction ended.
 */
final class TracesSession implements ConsumerRebalanceListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TracesSession.class);

  private static final long IDLE_POLL_MILLIS = 500;
  private static final long WAITING_POLL_MILLIS = 100;
  private static final Duration PASS_TWO_POLL = Duration.ofMillis(10);
  private static final long PASS_TWO_NANOS = 50_000_000;
  private static final long LONGEST_COMMIT_INTERVAL_MILLIS = 2_000;

  private final LoopParts parts;
  private final Consumer<byte[], byte[]> one;
  private final Consumer<byte[], byte[]> two;
  private final Admin admin;
  private final TraceTransaction transaction;
  private final TracesPath path;
  private final PartitionOpener opener;
  private final Ticker ticker;
  private final RandomGenerator random;

  private final Map<TopicPartition, PartitionTraces> partitions = new LinkedHashMap<>();
  private final Set<TopicPartition> toOpen = new HashSet<>();
  private int partitionsOfTopic = 1;
  private boolean joined;
  private boolean closing;
  private long lastCommitMillis;
  private long commitIntervalMillis;

  TracesSession(LoopParts parts) {
    this.parts = parts;
    this.ticker = parts.ticker();
    this.random = parts.random();
    this.commitIntervalMillis = parts.config().commitInterval().toMillis();
    TraceClients clients = parts.clients();
    this.admin = clients.admin();
    this.one = clients.passOne();
    this.two = clients.passTwo();
    this.transaction =
        new TraceTransaction(clients.producer(), parts.topics(), parts.counters().flow());
    TracePrograms programs = new TracePrograms(parts.rules(), parts.limits());
    this.path =
        new TracesPath(
            programs,
            new SecondPass(
                programs,
                transaction,
                new Enricher(parts.pods(), parts.clock()),
                parts.maxRecordBytes()),
            new Enricher(parts.pods(), parts.clock()));
    this.opener =
        new PartitionOpener(
            one,
            two,
            new DecisionHistory(clients, admin, parts.topics().decisions(), ticker),
            transaction,
            parts.config().rememberDecisions(),
            ticker,
            parts.clock());
  }

  void start() {
    transaction.start();
    String raw = parts.topics().raw(Signal.TRACES);
    partitionsOfTopic = Math.max(1, one.partitionsFor(raw).size());
    one.subscribe(List.of(raw), this);
  }

  /**
   * Reads what is there, decides what is due, forwards what is decided, commits when it is time.
   */
  void turn() {
    readPassOne();
    decide();
    runPassTwo();
    if (isDirty() && ticker.millis() - lastCommitMillis >= commitIntervalMillis) {
      commit();
    }
  }

  /** Commits what is done, so that the next owner need not do it again. */
  void finish() {
    if (isDirty()) {
      commit();
    }
  }

  LoopStatus status() {
    long waiting = 0;
    long remembered = 0;
    long oldest = Long.MAX_VALUE;
    for (PartitionTraces partition : partitions.values()) {
      waiting += partition.sampler().waitingTraces();
      remembered += partition.sampler().rememberedTraces();
      oldest = Math.min(oldest, partition.oldestPendingUnixMilli());
    }
    Health health = joined ? Health.ok() : Health.notReady("joining the group");
    return new LoopStatus(health, waiting, remembered, oldest);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    joined = true;
    toOpen.addAll(added);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    if (closing) {
      return;
    }
    if (isDirty()) {
      commit();
    }
    forget(revoked);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    if (closing) {
      return;
    }
    startOver();
    forget(lost);
  }

  @Override
  public void close() {
    closing = true;
    // The producer first: an open transaction must not outlive the group membership.
    try (admin;
        one;
        two;
        transaction) {
      log.atDebug().log("trace session ends");
    }
  }

  private void readPassOne() {
    try {
      ConsumerRecords<byte[], byte[]> records = one.poll(patience());
      for (TopicPartition from : records.partitions()) {
        PartitionTraces partition = partitions.get(from);
        // What came for a partition before it was opened is fetched again from its position.
        if (partition != null && !toOpen.contains(from)) {
          for (ConsumerRecord<byte[], byte[]> record : records.records(from)) {
            path.read(record, partition);
          }
        }
      }
    } catch (InvalidOffsetException e) {
      openAgain(e.partitions());
    }
    openAssigned();
  }

  private void openAssigned() {
    if (toOpen.isEmpty()) {
      return;
    }
    Set<TopicPartition> opening = new HashSet<>(toOpen);
    opening.retainAll(one.assignment());
    toOpen.clear();
    try {
      opener.open(opening, partitions, this::fresh);
    } catch (InvalidOffsetException e) {
      partitions.keySet().removeAll(opening);
      toOpen.addAll(opening);
      openAgain(e.partitions());
    }
  }

  private void decide() {
    long now = ticker.millis();
    Set<TopicPartition> paused = one.paused();
    for (PartitionTraces partition : partitions.values()) {
      TopicPartition raw = partition.rawPartition();
      partition.readUpTo(one.position(raw));
      partition.sampler().tick(now, !paused.contains(raw) && isAtEnd(raw));
      if (partition.sampler().isSaturated() != paused.contains(raw)) {
        if (paused.contains(raw)) {
          one.resume(List.of(raw));
        } else {
          one.pause(List.of(raw));
        }
      }
    }
  }

  /** An unknown lag is not none: then time goes by records alone. */
  private boolean isAtEnd(TopicPartition raw) {
    OptionalLong lag = one.currentLag(raw);
    return lag.isPresent() && lag.getAsLong() == 0;
  }

  /** Until pass two has caught up, not once: a commit lies between two turns. */
  private void runPassTwo() {
    long deadline = ticker.nanos() + PASS_TWO_NANOS;
    while (true) {
      forwardFetched(deadline);
      if (!steerFetching() || ticker.nanos() - deadline >= 0) {
        return;
      }
      try {
        ConsumerRecords<byte[], byte[]> records = two.poll(PASS_TWO_POLL);
        for (TopicPartition from : records.partitions()) {
          PartitionTraces partition = partitions.get(from);
          if (partition != null) {
            records.records(from).forEach(partition::add);
          }
        }
      } catch (InvalidOffsetException e) {
        openAgain(e.partitions());
        return;
      }
    }
  }

  private void forwardFetched(long deadline) {
    for (PartitionTraces partition : partitions.values()) {
      Held held = partition.nextDecided();
      while (held != null) {
        path.forward(held, partition);
        held = ticker.nanos() - deadline < 0 ? partition.nextDecided() : null;
      }
      partition.fetchedUpTo(two.position(partition.rawPartition()));
    }
  }

  /** Fetches only where pass two may go on; what is fetched for others stays in the consumer. */
  private boolean steerFetching() {
    List<TopicPartition> wanted = new ArrayList<>();
    List<TopicPartition> unwanted = new ArrayList<>();
    for (PartitionTraces partition : partitions.values()) {
      (partition.needsFetch() ? wanted : unwanted).add(partition.rawPartition());
    }
    two.pause(unwanted);
    two.resume(wanted);
    for (TopicPartition raw : wanted) {
      // Only behind what it was handed: back it never goes, that would fetch again what lies here.
      long next = Objects.requireNonNull(partitions.get(raw)).fetchedTo();
      if (two.position(raw) < next) {
        two.seek(raw, next);
      }
    }
    return !wanted.isEmpty();
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (PartitionTraces partition : partitions.values()) {
      // Also where only decisions are new: the offset is what fences a former owner.
      if (partition.isDirty()) {
        partition.writeDecisions();
        offsets.put(partition.rawPartition(), new OffsetAndMetadata(partition.position()));
      }
    }
    long begun = ticker.millis();
    try {
      transaction.commit(offsets, one.groupMetadata());
    } catch (CommitFailedException | RebalanceInProgressException e) {
      log.atInfo()
          .addKeyValue("reason", e.getMessage())
          .log("trace transaction refused in a rebalance, done again from the last commit");
      startOver();
      return;
    }
    for (PartitionTraces partition : partitions.values()) {
      partition.committed(parts.counters());
    }
    lastCommitMillis = ticker.millis();
    // Where commits are slow, fewer of them: they may take a fifth of the time.
    commitIntervalMillis =
        Math.clamp(
            (lastCommitMillis - begun) * 4,
            parts.config().commitInterval().toMillis(),
            Math.max(LONGEST_COMMIT_INTERVAL_MILLIS, parts.config().commitInterval().toMillis()));
  }

  /** Drops what is not committed, and reads all assigned partitions again from there. */
  private void startOver() {
    transaction.abort();
    toOpen.addAll(partitions.keySet());
    partitions.clear();
  }

  /** After a position that the log does not have (any more). */
  private void openAgain(Collection<TopicPartition> invalid) {
    if (isDirty()) {
      commit();
    }
    partitions.keySet().removeAll(invalid);
    toOpen.addAll(invalid);
  }

  private void forget(Collection<TopicPartition> gone) {
    partitions.keySet().removeAll(gone);
    toOpen.removeAll(gone);
    two.assign(partitions.keySet());
  }

  private boolean isDirty() {
    return transaction.isOpen() || partitions.values().stream().anyMatch(PartitionTraces::isDirty);
  }

  private Duration patience() {
    long millis = IDLE_POLL_MILLIS;
    boolean dirty = transaction.isOpen();
    for (PartitionTraces partition : partitions.values()) {
      if (!partition.isCaughtUp()) {
        return Duration.ZERO;
      }
      dirty |= partition.isDirty();
      if (partition.sampler().waitingTraces() > 0) {
        millis = WAITING_POLL_MILLIS;
      }
    }
    if (dirty) {
      long untilCommit = lastCommitMillis + commitIntervalMillis - ticker.millis();
      millis = Math.clamp(untilCommit, 0, millis);
    }
    return Duration.ofMillis(millis);
  }

  private PartitionTraces fresh(TopicPartition partition, long position, long committed) {
    SamplerLimits limits =
        new SamplerLimits(
            parts.config().rememberDecisions().toMillis(),
            Math.clamp(
                parts.config().maxWaitingTraces() / partitionsOfTopic,
                1,
                SamplerLimits.MOST_WAITING),
            Math.max(1, parts.config().maxRememberedTraces() / partitionsOfTopic));
    return new PartitionTraces(partition, position, committed, limits, random, transaction);
  }
}
