package dev.musa.sinks.flow;

import dev.musa.schemas.Signal;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What a sink holds of one partition for as long as the partition is its own. */
final class PartitionFlow {
  private final TopicPartition topicPartition;
  private final Signal signal;
  private final Frontier frontier;
  private final Map<String, Lane> lanes = new HashMap<>();
  private final long assignedAtMilli;
  private final long maxWindowBytes;
  private long readBytes;
  private boolean released;

  PartitionFlow(
      TopicPartition topicPartition,
      Signal signal,
      long position,
      long assignedAtMilli,
      long maxWindowBytes) {
    this.topicPartition = topicPartition;
    this.signal = signal;
    this.frontier = new Frontier(position);
    this.assignedAtMilli = assignedAtMilli;
    this.maxWindowBytes = maxWindowBytes;
  }

  /**
   * Whether an earlier owner may have delivered the next record, of this time and size, without
   * having committed it: it was there before this one owned the partition, and lies no further from
   * the committed position than an owner ever reads ahead.
   */
  boolean maybeSent(long timestampUnixMilli, int bytes) {
    // The owner before stopped reading at the limit, give or take what it had fetched by then.
    boolean within = readBytes / 2 <= maxWindowBytes;
    readBytes += bytes;
    return within && timestampUnixMilli <= assignedAtMilli;
  }

  Lane lane(String orgId, int maxInFlight) {
    return lanes.computeIfAbsent(orgId, id -> new Lane(this, id, maxInFlight));
  }

  /** Forgets a lane that holds nothing, so that tenants of the past cost nothing. */
  void forgetIfIdle(Lane lane) {
    if (lane.isIdle()) {
      lanes.remove(lane.orgId());
    }
  }

  /** The partition goes to another owner: nothing of it may be committed any more. */
  void release() {
    released = true;
  }

  Iterable<Lane> lanes() {
    return lanes.values();
  }

  boolean isReleased() {
    return released;
  }

  TopicPartition topicPartition() {
    return topicPartition;
  }

  Signal signal() {
    return signal;
  }

  Frontier frontier() {
    return frontier;
  }
}
