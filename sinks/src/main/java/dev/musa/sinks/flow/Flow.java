package dev.musa.sinks.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.DeadLetterHeaders.Origin;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.RedriveHeaders;
import dev.musa.schemas.Signal;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Turns the records of a sink's partitions into batches and their ends into committable positions.
 *
 * <p>Plain single-threaded state: it knows neither Kafka clients, nor threads, nor a clock. Adding,
 * starting and finishing cost the same whatever the number of partitions and tenants.
 */
public final class Flow {
  /** Tenant of records that do not say theirs. */
  static final String UNKNOWN_TENANT = "unknown";

  private static final String NO_VALUE = "no_value";

  /** About what the place of a record costs that holds nothing for this sink. */
  private static final int PLACE_BYTES = 128;

  private final Limits limits;
  private final IntSupplier batchBytes;
  private final UnaryOperator<String> orgIds;
  private final Map<TopicPartition, PartitionFlow> partitions = new LinkedHashMap<>();

  /** Batches in the order in which they were opened, which is that in which they come due. */
  private final ArrayDeque<Batch> lingering = new ArrayDeque<>();

  /** Lanes that could start a batch, each once. */
  private final ArrayDeque<Lane> ready = new ArrayDeque<>();

  private int inFlight;

  /** Batches whose time has come and that are not under way. */
  private int waiting;

  private long heldBytes;
  private boolean full;
  private final Set<TopicPartition> tooFarAhead = new HashSet<>();

  /**
   * @param batchBytes the target size of a request now; never above that of the limits
   * @param orgIds the org id of a tenant: items of tenants with equal ones may share a request
   */
  public Flow(Limits limits, IntSupplier batchBytes, UnaryOperator<String> orgIds) {
    this.limits = limits;
    this.batchBytes = batchBytes;
    this.orgIds = orgIds;
  }

  /** A partition is this sink's own from now on; {@code position} is what is committed. */
  public void assign(TopicPartition partition, Signal signal, long position, long nowMilli) {
    release(partition);
    partitions.put(
        partition, new PartitionFlow(partition, signal, position, nowMilli, limits.windowBytes()));
  }

  /** Forgets the partition; batches of it that are under way count as {@link #isForgotten}. */
  public void release(TopicPartition partition) {
    var flow = partitions.remove(partition);
    if (flow != null) {
      flow.release();
      tooFarAhead.remove(partition);
      for (var lane : flow.lanes()) {
        heldBytes -= lane.waitingBytes();
        waiting -= lane.waitingBatches();
      }
    }
  }

  public void add(ConsumerRecord<byte[], byte[]> record, long nowMilli) {
    var partition = flowOf(new TopicPartition(record.topic(), record.partition()));
    int bytes = Batch.lengthOf(record);
    heldBytes += bytes;
    RecordHeaders headers;
    try {
      headers = RecordHeaders.read(record.headers());
    } catch (BadHeadersException e) {
      addUnreadable(partition, record, String.valueOf(e.getMessage()), nowMilli);
      return;
    }
    var receipt = new Receipt(headers.tenant(), headers.items(), bytes, causeOf(record));
    var slot = slot(partition, record, headers.intakeTimeUnixMilli(), receipt);
    if (bytes == 0) {
      receipt.add(Tally.DROPPED, NO_VALUE, headers.items(), 0);
      partition.frontier().finish(slot);
      return;
    }
    var origin = new Origin(record.topic(), record.partition(), record.offset());
    boolean maybeSent = partition.maybeSent(record.timestamp(), bytes);
    var piece = new Piece(origin, headers, record.value(), maybeSent, receipt);
    var lane = laneOf(partition, headers.tenant());
    if (!Framing.isWhole(record.value())) {
      // Concatenated, it would swallow its neighbour.
      var alone = new Batch(lane, nowMilli);
      alone.add(piece, slot);
      addAlone(lane, alone);
    } else {
      addToOpenBatch(lane, piece, slot, nowMilli);
    }
    enqueueIfReady(lane);
  }

  /** The record is for another sink. */
  public void passOver(ConsumerRecord<byte[], byte[]> record) {
    var partition = flowOf(new TopicPartition(record.topic(), record.partition()));
    var frontier = partition.frontier();
    frontier.finish(frontier.add(record.offset(), record.timestamp(), PLACE_BYTES, Receipt.NONE));
  }

  /** The consumer stands at this offset, past markers of transactions that are no records. */
  public void advanceTo(TopicPartition partition, long offset) {
    var flow = partitions.get(partition);
    if (flow != null) {
      flow.frontier().advanceTo(offset);
    }
  }

  /** The next batch to start now, null if none is due or enough are under way. */
  public @Nullable Batch next(long nowMilli) {
    closeLingered(nowMilli);
    while (inFlight < limits.inFlight()) {
      var lane = ready.poll();
      if (lane == null) {
        return null;
      }
      lane.setQueued(false);
      if (lane.partition().isReleased()) {
        continue;
      }
      var batch = lane.start();
      if (batch != null) {
        waiting--;
        inFlight++;
        enqueueIfReady(lane);
        return batch;
      }
    }
    return null;
  }

  /** Lets every open batch go without waiting for more. */
  public void flush() {
    for (var partition : partitions.values()) {
      for (var lane : partition.lanes()) {
        closeOpen(lane);
        enqueueIfReady(lane);
      }
    }
  }

  /** Everything in the batch is delivered, dead-lettered or otherwise accounted for. */
  public void finished(Batch batch) {
    ended(batch);
    var lane = batch.lane();
    if (!lane.partition().isReleased()) {
      for (var slot : batch.slots()) {
        lane.partition().frontier().finish(slot);
      }
      lane.finished();
      enqueueIfReady(lane);
      lane.partition().forgetIfIdle(lane);
    }
  }

  /** The batch ended without being accounted for; only right if its partition is released. */
  public void abandoned(Batch batch) {
    if (!isForgotten(batch)) {
      throw new IllegalStateException(
          "a batch of " + batch.lane().partition().topicPartition() + " was given up while owned");
    }
    ended(batch);
  }

  /** Whether the batch's partition has gone to another owner. */
  public boolean isForgotten(Batch batch) {
    return batch.lane().partition().isReleased();
  }

  /** What may be committed, per partition. */
  public Map<TopicPartition, Long> positions() {
    Map<TopicPartition, Long> positions = HashMap.newHashMap(partitions.size());
    partitions.forEach((partition, flow) -> positions.put(partition, flow.frontier().position()));
    return positions;
  }

  /** Retention deleted what was to be read next: the offsets between these. */
  public void expired(TopicPartition partition, long from, long to) {
    var flow = partitions.get(partition);
    if (flow != null) {
      flow.frontier().expired(from, to);
    }
  }

  /** What a commit of the partition's position covers. */
  public Covered covered(TopicPartition partition) {
    var flow = flowOf(partition);
    var frontier = flow.frontier();
    return new Covered(
        partition,
        flow.signal(),
        frontier.coveredFrom(),
        frontier.position(),
        frontier.coveredExpired(),
        frontier.receipts());
  }

  /** Kafka has acknowledged these positions. */
  public void committed(Map<TopicPartition, Long> positions) {
    positions.forEach((partition, position) -> {
      var flow = partitions.get(partition);
      if (flow != null) {
        flow.frontier().committed(position);
      }
    });
  }

  /** Whether a commit now, before its time, keeps a partition from being blocked. */
  public boolean wantsCommit() {
    if (letterBytes() >= limits.heldBytes() / 4) {
      return true;
    }
    for (var flow : partitions.values()) {
      if (flow.frontier().uncommittedBytes() >= limits.windowBytes() / 2) {
        return true;
      }
    }
    return false;
  }

  /** Partitions of which nothing more is to be read for now; they resume at half their limit. */
  public Set<TopicPartition> blocked() {
    long held = heldBytes();
    full = full ? held > limits.heldBytes() / 2 : held >= limits.heldBytes();
    for (var flow : partitions.values()) {
      long window = flow.frontier().windowBytes();
      if (window >= limits.windowBytes()) {
        tooFarAhead.add(flow.topicPartition());
      } else if (window <= limits.windowBytes() / 2) {
        tooFarAhead.remove(flow.topicPartition());
      }
    }
    return full ? Set.copyOf(partitions.keySet()) : Set.copyOf(tooFarAhead);
  }

  /** Milliseconds until a batch comes due, {@link Long#MAX_VALUE} if none waits for its time. */
  public long dueInMilli(long nowMilli) {
    var first = lingering.peek();
    return first == null
        ? Long.MAX_VALUE
        : Math.max(0, first.openedAtMilli() + limits.linger().toMillis() - nowMilli);
  }

  /** Whether the end of a batch lets something else begin. */
  public boolean isWaitingForAnEnd() {
    return inFlight > 0 && (waiting > 0 || full || !tooFarAhead.isEmpty());
  }

  /** Whether nothing is held. */
  public boolean isIdle() {
    if (inFlight > 0) {
      return false;
    }
    for (var flow : partitions.values()) {
      if (!flow.frontier().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** When the oldest unfinished record came in, {@link Long#MAX_VALUE} if there is none. */
  public long oldestUnixMilli() {
    long oldest = Long.MAX_VALUE;
    for (var flow : partitions.values()) {
      oldest = Math.min(oldest, flow.frontier().oldestUnixMilli());
    }
    return oldest;
  }

  public Collection<TopicPartition> owned() {
    return Set.copyOf(partitions.keySet());
  }

  public int inFlight() {
    return inFlight;
  }

  /** Bytes of what is read and not finished, and of the dead letters that are not committed. */
  public long heldBytes() {
    return heldBytes + letterBytes();
  }

  private long letterBytes() {
    long sum = 0;
    for (var flow : partitions.values()) {
      sum += flow.frontier().letterBytes();
    }
    return sum;
  }

  private void addUnreadable(
      PartitionFlow partition,
      ConsumerRecord<byte[], byte[]> record,
      String reason,
      long nowMilli) {
    var lane = laneOf(partition, UNKNOWN_TENANT);
    var alone = new Batch(lane, nowMilli);
    // How many items it holds nobody knows.
    var receipt = new Receipt(UNKNOWN_TENANT, 0, Batch.lengthOf(record));
    alone.addUnreadable(
        new Batch.Unreadable(record, reason, receipt),
        slot(partition, record, record.timestamp(), receipt));
    addAlone(lane, alone);
    enqueueIfReady(lane);
  }

  private Lane laneOf(PartitionFlow partition, String tenant) {
    return partition.lane(orgIds.apply(tenant), limits.inFlightPerLane(partition.signal()));
  }

  private void addAlone(Lane lane, Batch batch) {
    closeOpen(lane);
    lane.addClosed(batch);
    waiting++;
  }

  private void closeOpen(Lane lane) {
    waiting += lane.closeOpen();
  }

  private void addToOpenBatch(Lane lane, Piece piece, Frontier.Slot slot, long nowMilli) {
    int target = batchBytes.getAsInt();
    var open = lane.open();
    if (open != null && open.bytes() + piece.bytes().length > target) {
      closeOpen(lane);
      open = null;
    }
    if (open == null) {
      open = new Batch(lane, nowMilli);
      lane.open(open);
      lingering.add(open);
    }
    open.add(piece, slot);
    if (open.bytes() >= target) {
      closeOpen(lane);
    }
  }

  private void closeLingered(long nowMilli) {
    long dueBefore = nowMilli - limits.linger().toMillis();
    for (var first = lingering.peek();
        first != null
            && (first.isClosed()
                || first.lane().partition().isReleased()
                || first.openedAtMilli() <= dueBefore);
        first = lingering.peek()) {
      lingering.remove();
      var lane = first.lane();
      if (first.isClosed() || lane.partition().isReleased()) {
        continue;
      }
      first.linger();
      waiting++;
      if (!lane.isBusy()) {
        closeOpen(lane);
        enqueueIfReady(lane);
      }
    }
  }

  private void enqueueIfReady(Lane lane) {
    if (!lane.isQueued() && lane.canStart()) {
      lane.setQueued(true);
      ready.add(lane);
    }
  }

  private void ended(Batch batch) {
    inFlight--;
    heldBytes -= batch.bytes();
  }

  /** Why it is delivered once more, if it is. */
  private static String causeOf(ConsumerRecord<byte[], byte[]> record) {
    var cause = record.headers().lastHeader(RedriveHeaders.CAUSE);
    return cause == null || cause.value() == null ? "" : new String(cause.value(), UTF_8);
  }

  private static Frontier.Slot slot(
      PartitionFlow partition,
      ConsumerRecord<byte[], byte[]> record,
      long timeUnixMilli,
      Receipt receipt) {
    return partition
        .frontier()
        .add(record.offset(), timeUnixMilli, Batch.lengthOf(record), receipt);
  }

  private PartitionFlow flowOf(TopicPartition partition) {
    var flow = partitions.get(partition);
    if (flow == null) {
      throw new IllegalStateException(partition + " is not assigned to this sink");
    }
    return flow;
  }
}
