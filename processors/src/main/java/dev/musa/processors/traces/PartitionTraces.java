package dev.musa.processors.traces;

import dev.musa.processors.sampling.DecisionSink;
import dev.musa.processors.sampling.Outcome;
import dev.musa.processors.sampling.PartitionSampler;
import dev.musa.processors.sampling.SamplerLimits;
import dev.musa.schemas.decisions.DecisionBatch;
import dev.musa.schemas.decisions.DecisionBatchWriter;
import dev.musa.schemas.decisions.TraceOutcome;
import dev.musa.schemas.wire.MalformedOtlpException;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** What the loop holds of one assigned partition; all of it can be had again from the log. */
final class PartitionTraces implements DecisionSink {
  /** Far below the smallest record limit, at some 22 bytes a decision. */
  private static final int MOST_DECISIONS_PER_RECORD = 20_000;

  /** Beyond this pass two is handed nothing more and fetches for itself. */
  private static final int MOST_HELD_BYTES = 4 << 20;

  /** Takes a finished record of decisions. */
  @FunctionalInterface
  interface DecisionOutput {
    void decisions(TopicPartition rawPartition, long decidedAt, byte[] batch);
  }

  private final TopicPartition rawPartition;
  private final PartitionSampler<TraceProgram> sampler;
  private final DecisionOutput decisionOutput;
  private final DecisionBatchWriter decisions = new DecisionBatchWriter();
  private final ArrayDeque<Held> fetched = new ArrayDeque<>();
  private final ArrayDeque<Malformed> malformed = new ArrayDeque<>();

  private long position;

  /** Pass two has, or has done with, every record below this offset. */
  private long fetchedTo;

  /** Of the records that pass two holds. */
  private long heldBytes;

  private long committed;
  private long late;
  private long early;
  private long forgotten;

  private record Malformed(long offset, String message) {}

  /**
   * @param committed the offset that is committed, -1 if none is
   */
  PartitionTraces(
      TopicPartition rawPartition,
      long position,
      long committed,
      SamplerLimits limits,
      RandomGenerator random,
      DecisionOutput decisionOutput) {
    this.rawPartition = rawPartition;
    this.position = position;
    this.fetchedTo = position;
    this.committed = committed;
    this.decisionOutput = decisionOutput;
    this.sampler = new PartitionSampler<>(limits, position, random, this);
  }

  TopicPartition rawPartition() {
    return rawPartition;
  }

  PartitionSampler<TraceProgram> sampler() {
    return sampler;
  }

  void restore(DecisionBatch batch, DecisionHistory.Outcomes outcomes) {
    for (int i = 0; i < batch.size(); i++) {
      sampler.restore(
          batch.traceIdHigh(i),
          batch.traceIdLow(i),
          outcomes.of(batch.outcome(i)),
          batch.decidedAtUnixMilli());
    }
    sampler.restoredUpTo(batch.readTo());
  }

  @Override
  public void decided(
      long traceIdHigh,
      long traceIdLow,
      Outcome outcome,
      int spans,
      long durationNanos,
      long conditionsSeen) {
    String policy = outcome.policy();
    decisions.add(
        traceIdHigh,
        traceIdLow,
        new TraceOutcome(outcome.kept(), policy == null ? "" : policy, outcome.rulesVersion()),
        spans,
        durationNanos,
        conditionsSeen);
    if (decisions.size() == MOST_DECISIONS_PER_RECORD) {
      writeDecisions();
    }
  }

  /** Writes what has been decided since the last call as one record. */
  void writeDecisions() {
    if (!decisions.isEmpty()) {
      long decidedAt = sampler.time();
      decisionOutput.decisions(
          rawPartition, decidedAt, decisions.take(decidedAt, sampler.nextToRead()));
    }
  }

  void rememberMalformed(long offset, MalformedOtlpException why) {
    malformed.add(new Malformed(offset, String.valueOf(why.getMessage())));
  }

  /** Why pass one could not read the record at this offset, or null if it could. */
  @Nullable String takeMalformed(long offset) {
    Malformed first = malformed.peek();
    if (first == null || first.offset != offset) {
      return null;
    }
    malformed.remove();
    return first.message;
  }

  /** Holds a record that pass two has fetched. */
  void add(ConsumerRecord<byte[], byte[]> record) {
    // Pass one may have handed it over before the fetch returned.
    if (record.offset() >= fetchedTo) {
      hold(record, null);
    }
  }

  /**
   * Gives pass two a record that pass one has read and whose traces are decided at once, so that it
   * is not fetched twice; only where it lacks nothing before it.
   *
   * @param readBefore what pass one had read up to before this record
   * @param whole if all of it goes on as it is; else null
   */
  void hand(ConsumerRecord<byte[], byte[]> record, long readBefore, @Nullable Whole whole) {
    boolean isNext = readBefore <= fetchedTo && fetchedTo <= record.offset();
    if (isNext && heldBytes + Values.of(record).length <= MOST_HELD_BYTES) {
      hold(record, whole);
    }
  }

  private void hold(ConsumerRecord<byte[], byte[]> record, @Nullable Whole whole) {
    fetched.add(new Held(record, whole));
    heldBytes += Values.of(record).length;
    fetchedTo = record.offset() + 1;
  }

  /** Pass one has read all up to this offset, though there may have been no record. */
  void readUpTo(long offset) {
    if (fetchedTo >= sampler.nextToRead()) {
      fetchedUpTo(offset);
    }
    sampler.readUpTo(offset);
  }

  /** Where pass two has to fetch next. */
  long fetchedTo() {
    return fetchedTo;
  }

  @Nullable ConsumerRecord<byte[], byte[]> firstFetched() {
    Held first = fetched.peek();
    return first == null ? null : first.record();
  }

  /** The next record for pass two if its traces are decided, else null. */
  @Nullable Held nextDecided() {
    ConsumerRecord<byte[], byte[]> first = firstFetched();
    if (first == null || first.offset() >= sampler.watermark()) {
      return null;
    }
    position = first.offset() + 1;
    heldBytes -= Values.of(first).length;
    return fetched.remove();
  }

  /** Whether pass two has to fetch before it can go on. */
  boolean needsFetch() {
    return fetched.isEmpty() && position < sampler.watermark();
  }

  /** Pass two has fetched up to this offset; without a record before it there is none. */
  void fetchedUpTo(long offset) {
    fetchedTo = Math.max(fetchedTo, offset);
    if (fetched.isEmpty() && offset > position) {
      position = offset;
      sampler.passed(offset);
    }
  }

  /** The first offset that pass two has not done with: what is to be committed. */
  long position() {
    return position;
  }

  /** How many offsets lie between what is committed and where this began. */
  long skipped() {
    return committed < 0 ? 0 : Math.max(0, position - committed);
  }

  boolean isDirty() {
    return position != committed || !decisions.isEmpty();
  }

  boolean isCaughtUp() {
    return position >= sampler.watermark();
  }

  /** What was done is committed: it counts. */
  void committed(LoopCounters counters) {
    committed = position;
    counters.late().increment((double) (sampler.lateSpans() - late));
    counters.early().increment((double) (sampler.decidedEarly() - early));
    counters.forgotten().increment((double) (sampler.forgottenEarly() - forgotten));
    late = sampler.lateSpans();
    early = sampler.decidedEarly();
    forgotten = sampler.forgottenEarly();
  }

  /** Record time of the oldest record that pass two has not done with. */
  long oldestPendingUnixMilli() {
    ConsumerRecord<byte[], byte[]> first = firstFetched();
    if (first != null) {
      return first.timestamp();
    }
    return position < sampler.nextToRead() ? sampler.oldestWaiting() : Long.MAX_VALUE;
  }
}
