package dev.musa.app.node;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;

/**
 * Up to where every reader of a partition has read it, by the committed positions of the groups.
 */
final class ReaderPositions {
  private final Map<String, Map<TopicPartition, OffsetAndMetadata>> committed;
  private final Set<String> slowest = new TreeSet<>();

  ReaderPositions(Map<String, Map<TopicPartition, OffsetAndMetadata>> committed) {
    this.committed = committed;
  }

  /** Answers for one partition; 0 if one of the groups has no position in it. */
  long passed(UnifiedLog partition, Set<String> groups) {
    return passed(partition.topicPartition(), groups, partition.highWatermark());
  }

  long passed(TopicPartition partition, Set<String> groups, long highWatermark) {
    long passed = highWatermark;
    String last = null;
    for (String group : groups) {
      long position = position(group, partition);
      if (position < passed) {
        passed = position;
        last = group;
      }
    }
    if (last != null) {
      slowest.add(last);
    }
    return passed;
  }

  /** The groups that were the last one in at least one partition and not at its end. */
  Set<String> slowest() {
    return slowest;
  }

  private long position(String group, TopicPartition partition) {
    @Nullable OffsetAndMetadata position =
        committed.getOrDefault(group, Map.of()).get(partition); // also null for "none committed"
    return position == null ? 0 : position.offset();
  }
}
