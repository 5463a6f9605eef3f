package dev.musa.runtime.kafka;

import dev.musa.runtime.lifecycle.StartupException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives a consumer group an offset for every partition before its members start, so that they can
 * run with {@code auto.offset.reset=none}: nothing is ever skipped or read again without notice.
 */
public final class GroupOffsets {

  private static final Logger log = LoggerFactory.getLogger(GroupOffsets.class);

  private final Admin admin;
  private final KafkaCalls calls;
  private final String group;

  GroupOffsets(Admin admin, KafkaCalls calls, String group) {
    this.admin = admin;
    this.calls = calls;
    this.group = group;
  }

  /**
   * Commits the start of the log for partitions without an offset. An offset that is no longer in
   * the log is left to the readers, which {@linkplain #seekPastExpired step over} what is gone and
   * account for it in the transaction that commits it.
   *
   * @return where the group stands then, for every partition
   * @throws StartupException if a topic is missing, an offset lies beyond the end of its log, or
   *     Kafka does not answer within 15 seconds
   */
  public static Map<TopicPartition, Long> initialise(
      Admin admin, String group, Collection<String> topics) {
    KafkaCalls calls = KafkaCalls.within(KafkaCalls.DEFAULT_TIMEOUT);
    return new GroupOffsets(admin, calls, group).initialise(topics);
  }

  /**
   * Takes a running reader past records that were deleted before it came to them, and reports them.
   *
   * @throws OffsetOutOfRangeException the given one, if a position lies beyond the end of its log
   */
  public static void seekPastExpired(
      Consumer<?, ?> consumer, OffsetOutOfRangeException lost, ExpiredListener listener) {
    Map<TopicPartition, Long> starts = consumer.beginningOffsets(lost.partitions());
    Map<TopicPartition, Long> ends = consumer.endOffsets(lost.partitions());
    lost.offsetOutOfRangePartitions()
        .forEach((partition, position) -> {
          if (position > ends.getOrDefault(partition, Long.MAX_VALUE)) {
            throw lost;
          }
        });
    lost.offsetOutOfRangePartitions()
        .forEach((partition, position) -> {
          long start = starts.getOrDefault(partition, 0L);
          if (position < start) {
            consumer.seek(partition, start);
            listener.expired(partition, position, start);
          }
        });
  }

  Map<TopicPartition, Long> initialise(Collection<String> topics) {
    try {
      List<TopicPartition> partitions = partitions(topics);
      // Offsets first: members that run may go on meanwhile, and the log's end with them.
      Map<TopicPartition, Long> committed = committed(partitions);
      refuseBeyondEnd(committed, offsets(partitions, OffsetSpec.latest()));
      commitStarts(committed, offsets(partitions, OffsetSpec.earliest()));
      return Map.copyOf(committed);
    } catch (KafkaException e) {
      throw new StartupException(
          "Kafka refused while preparing the offsets of group %s: %s"
              .formatted(group, e.getMessage()),
          e);
    }
  }

  private void commitStarts(Map<TopicPartition, Long> committed, Map<TopicPartition, Long> starts) {
    Map<TopicPartition, Long> fresh = without(committed, starts);
    while (!fresh.isEmpty()) {
      // A transaction may be about to commit an offset: it must not be overwritten.
      Offsets now = read(fresh.keySet(), true);
      committed.putAll(now.committed());
      fresh = without(committed, starts);
      if (fresh.isEmpty()) {
        return;
      }
      if (now.undecided().isEmpty()) {
        try {
          commit(fresh);
          log.atInfo()
              .addKeyValue("group", group)
              .addKeyValue("partitions", fresh.size())
              .log("group begins at the start of the log");
          committed.putAll(fresh);
          return;
        } catch (UnknownMemberIdException e) {
          log.atDebug().addKeyValue("group", group).log("group has members that run");
        }
      }
      if (!calls.pause()) {
        throw stillMissing(fresh.keySet(), now.undecided());
      }
    }
  }

  private StartupException stillMissing(
      Collection<TopicPartition> changes, Collection<TopicPartition> undecided) {
    return new StartupException(
        undecided.isEmpty()
            ? "group %s has no offset for %s and members that run with other topics: stop them"
                    .formatted(group, sorted(changes))
                + " first"
            : "group %s has an open transaction on %s: stop its writer, or start again once it has"
                    .formatted(group, sorted(undecided))
                + " timed out");
  }

  /** Where the logs of those partitions start that have no offset. */
  private static Map<TopicPartition, Long> without(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> starts) {
    Map<TopicPartition, Long> fresh = new HashMap<>(starts);
    fresh.keySet().removeAll(committed.keySet());
    return fresh;
  }

  private void commit(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
    offsets.forEach((partition, offset) -> commits.put(partition, new OffsetAndMetadata(offset)));
    calls.get(
        admin.alterConsumerGroupOffsets(group, commits).all(),
        "committing offsets of group " + group);
  }

  private void refuseBeyondEnd(
      Map<TopicPartition, Long> committed, Map<TopicPartition, Long> ends) {
    committed.forEach((partition, offset) -> {
      long end = ends.getOrDefault(partition, Long.MAX_VALUE);
      if (offset > end) {
        throw new StartupException(
            "group %s is at offset %d of %s, whose log ends at %d: the topic was created anew or"
                    .formatted(group, offset, partition, end)
                + " its broker lost records; see what is missing, then set the offset with"
                + " kafka-consumer-groups.sh --reset-offsets");
      }
    });
  }

  private List<TopicPartition> partitions(Collection<String> topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (var answer : admin.describeTopics(topics).topicNameValues().entrySet()) {
      String name = answer.getKey();
      try {
        TopicDescription topic = calls.get(answer.getValue(), "looking up topic " + name);
        for (TopicPartitionInfo partition : topic.partitions()) {
          partitions.add(new TopicPartition(name, partition.partition()));
        }
      } catch (UnknownTopicOrPartitionException e) {
        throw new StartupException(
            "topic %s does not exist (expected: created before group %s starts)"
                .formatted(name, group),
            e);
      }
    }
    return partitions;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> request = new HashMap<>();
    partitions.forEach(partition -> request.put(partition, which));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        calls.get(admin.listOffsets(request).all(), "reading the bounds of the log");
    Map<TopicPartition, Long> offsets = new HashMap<>();
    found.forEach((partition, info) -> offsets.put(partition, info.offset()));
    return offsets;
  }

  private Map<TopicPartition, Long> committed(List<TopicPartition> partitions) {
    return read(partitions, false).committed();
  }

  /**
   * What a group has committed.
   *
   * @param committed without partitions that have no offset
   * @param undecided partitions on which an open transaction holds an offset
   */
  private record Offsets(
      Map<TopicPartition, Long> committed, Collection<TopicPartition> undecided) {}

  private Offsets read(Collection<TopicPartition> partitions, boolean stable) {
    ListConsumerGroupOffsetsSpec spec =
        new ListConsumerGroupOffsetsSpec().topicPartitions(partitions);
    ListConsumerGroupOffsetsOptions options =
        new ListConsumerGroupOffsetsOptions().requireStable(stable);
    Map<TopicPartition, OffsetAndMetadata> found =
        calls.get(
            admin
                .listConsumerGroupOffsets(Map.of(group, spec), options)
                .partitionsToOffsetAndMetadata(group),
            "reading the offsets of group " + group);
    // The client leaves out what is undecided, and has null where there is no offset.
    List<TopicPartition> undecided = new ArrayList<>(partitions);
    undecided.removeAll(found.keySet());
    Map<TopicPartition, Long> committed = new HashMap<>();
    found.forEach((partition, offset) -> {
      if (offset != null) {
        committed.put(partition, offset.offset());
      }
    });
    return new Offsets(committed, undecided);
  }

  private static List<String> sorted(Collection<TopicPartition> partitions) {
    return partitions.stream().map(TopicPartition::toString).sorted().toList();
  }
}
