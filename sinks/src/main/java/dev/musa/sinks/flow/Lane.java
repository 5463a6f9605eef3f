package dev.musa.sinks.flow;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What goes to one place out of one partition, usually the items of one tenant: what waits there,
 * in order, and how much of it is under way.
 */
final class Lane {
  private final PartitionFlow partition;
  private final String orgId;
  private final int maxInFlight;
  private final ArrayDeque<Batch> closed = new ArrayDeque<>();
  private @Nullable Batch open;
  private int inFlight;
  private boolean queued;

  Lane(PartitionFlow partition, String orgId, int maxInFlight) {
    this.partition = partition;
    this.orgId = orgId;
    this.maxInFlight = maxInFlight;
  }

  @Nullable Batch open() {
    return open;
  }

  void open(Batch batch) {
    open = batch;
  }

  /**
   * Adds nothing more to the open batch: it goes as soon as there is room. Returns how many more
   * batches wait for that now.
   */
  int closeOpen() {
    var batch = open;
    if (batch == null) {
      return 0;
    }
    open = null;
    batch.close();
    closed.add(batch);
    return batch.hasLingered() ? 0 : 1;
  }

  /** Takes a batch that never was open. */
  void addClosed(Batch batch) {
    batch.close();
    closed.add(batch);
  }

  /** Batches whose time has come and that are not under way. */
  int waitingBatches() {
    return closed.size() + (open != null && open.hasLingered() ? 1 : 0);
  }

  /** Whether a batch would have to wait here although its time has come. */
  boolean isBusy() {
    return inFlight >= maxInFlight || !closed.isEmpty();
  }

  boolean canStart() {
    return inFlight < maxInFlight && !closed.isEmpty();
  }

  @Nullable Batch start() {
    var batch = closed.poll();
    if (batch != null) {
      inFlight++;
    }
    return batch;
  }

  void finished() {
    inFlight--;
    if (open != null && open.hasLingered() && !isBusy()) {
      closeOpen();
    }
  }

  boolean isIdle() {
    return open == null && closed.isEmpty() && inFlight == 0;
  }

  /** Bytes that wait here and are not under way. */
  long waitingBytes() {
    long bytes = open == null ? 0 : open.bytes();
    for (var batch : closed) {
      bytes += batch.bytes();
    }
    return bytes;
  }

  PartitionFlow partition() {
    return partition;
  }

  String orgId() {
    return orgId;
  }

  boolean isQueued() {
    return queued;
  }

  void setQueued(boolean queued) {
    this.queued = queued;
  }
}
