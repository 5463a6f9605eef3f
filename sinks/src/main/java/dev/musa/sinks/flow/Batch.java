package dev.musa.sinks.flow;

import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Records of one lane that are delivered, and finished, together. */
public final class Batch {
  private final Lane lane;
  private final long openedAtMilli;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Frontier.Slot> slots = new ArrayList<>();
  private long bytes;
  private boolean closed;
  private boolean lingered;
  private @Nullable Unreadable unreadable;

  /** A record without the headers of a MUSA record; it makes a batch of its own. */
  record Unreadable(ConsumerRecord<byte[], byte[]> source, String reason, Receipt receipt) {}

  Batch(Lane lane, long openedAtMilli) {
    this.lane = lane;
    this.openedAtMilli = openedAtMilli;
  }

  void add(Piece piece, Frontier.Slot slot) {
    pieces.add(piece);
    slots.add(slot);
    bytes += piece.bytes().length;
  }

  void addUnreadable(Unreadable source, Frontier.Slot slot) {
    unreadable = source;
    slots.add(slot);
    bytes += lengthOf(source.source());
  }

  void close() {
    closed = true;
  }

  void linger() {
    lingered = true;
  }

  public Signal signal() {
    return lane.partition().signal();
  }

  public TopicPartition partition() {
    return lane.partition().topicPartition();
  }

  public String orgId() {
    return lane.orgId();
  }

  long bytes() {
    return bytes;
  }

  Lane lane() {
    return lane;
  }

  List<Piece> pieces() {
    return pieces;
  }

  List<Frontier.Slot> slots() {
    return slots;
  }

  @Nullable Unreadable unreadable() {
    return unreadable;
  }

  long openedAtMilli() {
    return openedAtMilli;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it has waited long enough, but its lane was busy. */
  boolean hasLingered() {
    return lingered;
  }

  static int lengthOf(ConsumerRecord<byte[], byte[]> record) {
    var value = record.value();
    return value == null ? 0 : value.length;
  }
}
