package dev.musa.sinks.flow;

import dev.musa.schemas.ledger.ExpiredRanges;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * How far one partition may be committed: up to the first record that is not finished, whatever the
 * order in which the others finish.
 *
 * <p>Invariant: {@link #position()} never passes the offset of a record that was added and not
 * finished, and never runs back.
 */
final class Frontier {
  private final ArrayDeque<Slot> slots = new ArrayDeque<>();

  /** Finished, with everything before them, and not yet committed. */
  private final ArrayDeque<Slot> uncommitted = new ArrayDeque<>();

  private long position;

  /** What is committed. */
  private long committedPosition;

  /** What lies behind it and was deleted by retention before it was read. */
  private final ExpiredRanges expired = new ExpiredRanges();

  private long nextOffset;
  private long windowBytes;
  private long uncommittedBytes;
  private long letterBytes;

  /** The place of one record in its partition until everything before it is finished too. */
  static final class Slot {
    private final long offset;
    private final long timeUnixMilli;
    private final int bytes;
    private final Receipt receipt;
    private boolean finished;
    private long letterBytes;

    private Slot(long offset, long timeUnixMilli, int bytes, Receipt receipt) {
      this.offset = offset;
      this.timeUnixMilli = timeUnixMilli;
      this.bytes = bytes;
      this.receipt = receipt;
    }
  }

  Frontier(long position) {
    this.position = position;
    this.committedPosition = position;
    this.nextOffset = position;
  }

  /** Adds the next record; offsets ascend, with gaps where there are transaction markers. */
  Slot add(long offset, long timeUnixMilli, int size, Receipt receipt) {
    if (offset < nextOffset) {
      throw new IllegalArgumentException(
          "offset: " + offset + " (expected: at least " + nextOffset + ")");
    }
    nextOffset = offset + 1;
    windowBytes += size;
    var slot = new Slot(offset, timeUnixMilli, size, receipt);
    slots.add(slot);
    return slot;
  }

  /** Finishing a slot twice does nothing. */
  void finish(Slot slot) {
    if (!slot.finished) {
      slot.finished = true;
      slot.letterBytes = slot.receipt.letterBytes();
      letterBytes += slot.letterBytes;
    }
    for (var first = slots.peek(); first != null && first.finished; first = slots.peek()) {
      slots.remove();
      uncommitted.add(first);
      uncommittedBytes += first.bytes;
      position = first.offset + 1;
    }
  }

  /** Kafka has acknowledged this position. */
  void committed(long at) {
    for (var first = uncommitted.peek();
        first != null && first.offset < at;
        first = uncommitted.peek()) {
      uncommitted.remove();
      uncommittedBytes -= first.bytes;
      windowBytes -= first.bytes;
      letterBytes -= first.letterBytes;
    }
    if (at > committedPosition) {
      committedPosition = at;
    }
    expired.committed(committedPosition);
  }

  /**
   * Retention deleted the offsets between these before they were read; the reader goes on at the
   * second.
   */
  void expired(long from, long to) {
    expired.add(from, to);
  }

  /** Where what a commit of {@link #position} covers begins. */
  long coveredFrom() {
    return Math.min(position, committedPosition);
  }

  /** How many of the offsets that it covers retention has deleted. */
  long coveredExpired() {
    return expired.below(position);
  }

  /** Of the records that a commit of {@link #position} covers, in order. */
  List<Receipt> receipts() {
    List<Receipt> receipts = new ArrayList<>(uncommitted.size());
    for (var slot : uncommitted) {
      receipts.add(slot.receipt);
    }
    return receipts;
  }

  /** The reader stands at {@code offset}: whatever lies between holds no record. */
  void advanceTo(long offset) {
    if (offset > nextOffset) {
      nextOffset = offset;
    }
    if (slots.isEmpty()) {
      position = nextOffset;
    }
  }

  /** What may be committed: the first offset that is not known to be finished. */
  long position() {
    return position;
  }

  /** Bytes of the records from the committed position on: what a crash sends again at most. */
  long windowBytes() {
    return windowBytes;
  }

  /** Those of them that a commit would take off. */
  long uncommittedBytes() {
    return uncommittedBytes;
  }

  /** Of the dead letters that wait for a commit of their records. */
  long letterBytes() {
    return letterBytes;
  }

  boolean isEmpty() {
    return slots.isEmpty();
  }

  /** When the first unfinished record came in, {@link Long#MAX_VALUE} if there is none. */
  long oldestUnixMilli() {
    var first = slots.peek();
    return first == null ? Long.MAX_VALUE : first.timeUnixMilli;
  }
}
