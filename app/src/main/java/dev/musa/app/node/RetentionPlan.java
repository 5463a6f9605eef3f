package dev.musa.app.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Decides up to where each partition may be deleted: what is over the age or, oldest first over all
 * partitions, over the size, but nothing that some reader has still to read.
 *
 * <p>Space comes back by whole segments only, so these are what is counted and cut.
 */
final class RetentionPlan {
  private final long oldestUnixMilli;
  private final long targetBytes;

  private final Map<TopicPartition, Long> cuts = new HashMap<>();
  private final Map<String, Long> kept = new HashMap<>();
  private final Map<String, Long> held = new HashMap<>();
  private long total;

  /**
   * A stretch of a partition that is deleted as one.
   *
   * @param endOffset exclusive
   * @param active still written to, so that deleting it gives no space back
   */
  record Segment(
      long baseOffset, long endOffset, long bytes, long newestUnixMilli, boolean active) {}

  /**
   * A partition as it is now.
   *
   * @param startOffset the first offset that is not deleted yet
   * @param passed all readers have read what is before it; 0 if one has not begun
   */
  record Partition(TopicPartition id, long startOffset, long passed, List<Segment> segments) {
    /** Without those that are deleted already and only wait for their files to go. */
    List<Segment> live() {
      return segments.stream().filter(s -> s.endOffset > startOffset || s.active).toList();
    }
  }

  /**
   * Plans for all partitions together.
   *
   * @param oldestUnixMilli what is older is over the age
   * @param maxBytes what all may hold
   * @param missingBytes how much has to be freed at once, because the disk is nearly full
   */
  RetentionPlan(
      List<Partition> partitions, long oldestUnixMilli, long maxBytes, long missingBytes) {
    this.oldestUnixMilli = oldestUnixMilli;
    List<Walk> walks = partitions.stream().map(Walk::new).toList();
    for (Walk walk : walks) {
      total += walk.bytes();
    }
    this.targetBytes = Math.min(maxBytes, total - missingBytes);
    walks.forEach(this::cutByAge);
    cutBySize(walks);
    walks.forEach(this::account);
  }

  /** The offset before which everything goes, for those partitions where something does. */
  Map<TopicPartition, Long> cuts() {
    return cuts;
  }

  /** Bytes that stay, by topic. */
  Map<String, Long> kept() {
    return kept;
  }

  /** Bytes of what stays that are over the age, but have a reader that has not passed them. */
  Map<String, Long> held() {
    return held;
  }

  /** Bytes above the size that stay because of readers. */
  long excess() {
    return Math.max(0, total - targetBytes);
  }

  private void cutByAge(Walk walk) {
    for (Segment s = walk.front(); s != null && isOld(s) && walk.isPassed(s); s = walk.front()) {
      cut(walk, s);
    }
    Segment partly = walk.front();
    if (partly != null && isOld(partly) && walk.partition.passed > partly.baseOffset) {
      delete(walk, walk.partition.passed);
    }
  }

  private void cutBySize(List<Walk> walks) {
    PriorityQueue<Walk> oldestFirst =
        new PriorityQueue<>(Comparator.comparingLong(Walk::frontNewest));
    for (Walk walk : walks) {
      if (walk.givesSpaceBack()) {
        oldestFirst.add(walk);
      }
    }
    while (total > targetBytes && !oldestFirst.isEmpty()) {
      Walk walk = oldestFirst.remove();
      Segment front = walk.front();
      if (front != null) {
        cut(walk, front);
      }
      if (walk.givesSpaceBack()) {
        oldestFirst.add(walk);
      }
    }
  }

  private void cut(Walk walk, Segment front) {
    total -= walk.removeFront();
    delete(walk, front.endOffset);
  }

  private void delete(Walk walk, long before) {
    if (before > walk.partition.startOffset) {
      cuts.put(walk.partition.id, before);
    }
  }

  private void account(Walk walk) {
    String topic = walk.partition.id.topic();
    kept.merge(topic, walk.bytes(), Long::sum);
    long old = 0;
    for (Segment s : walk.remaining) {
      old += isOld(s) && !walk.isPassed(s) ? s.bytes : 0;
    }
    held.merge(topic, old, Long::sum);
  }

  private boolean isOld(Segment s) {
    return s.newestUnixMilli < oldestUnixMilli;
  }

  /** What is left of a partition while the plan is made. */
  private static final class Walk {
    final Partition partition;
    final List<Segment> remaining;

    Walk(Partition partition) {
      this.partition = partition;
      this.remaining = new ArrayList<>(partition.live());
    }

    @Nullable Segment front() {
      return remaining.isEmpty() ? null : remaining.getFirst();
    }

    long frontNewest() {
      return remaining.isEmpty() ? Long.MAX_VALUE : remaining.getFirst().newestUnixMilli;
    }

    boolean isPassed(Segment s) {
      return s.endOffset <= partition.passed;
    }

    boolean givesSpaceBack() {
      Segment front = front();
      return front != null && !front.active && isPassed(front);
    }

    long removeFront() {
      return remaining.removeFirst().bytes;
    }

    long bytes() {
      long sum = 0;
      for (Segment s : remaining) {
        sum += s.bytes;
      }
      return sum;
    }
  }
}
