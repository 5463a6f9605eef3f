package dev.musa.runtime.kafka;

import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MockAdminClient;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/** Kafka's cluster in memory, with committing of group offsets and a few mishaps. */
final class FakeCluster extends MockAdminClient {

  /** What was committed, in order. */
  final List<Map<TopicPartition, Long>> commits = new ArrayList<>();

  /** How often the offsets were read without and with waiting for transactions. */
  final List<Boolean> stableReads = new ArrayList<>();

  /** What happens at each attempt to commit; commits as long as there is nothing. */
  final List<Runnable> membersRunAtCommit = new ArrayList<>();

  /** Partitions with an offset in an open transaction, and when and how that ends. */
  final Set<TopicPartition> undecided = new HashSet<>();

  int stableReadsUntilDecided = -1;
  Runnable endTransaction = () -> {};

  Runnable beforeCreate = () -> {};
  boolean beforeKafka4;

  /** How many look-ups a topic stays invisible for after its creation. */
  int hiddenLookUps;

  FakeCluster(int brokers) {
    this(nodes(brokers));
  }

  private FakeCluster(List<Node> nodes) {
    super(nodes, nodes.getFirst());
  }

  void topic(String name, int partitions, int replicas, Map<String, String> configs) {
    List<TopicPartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      List<Node> on = brokers().subList(0, replicas);
      infos.add(new TopicPartitionInfo(i, on.getFirst(), on, on, List.of(), List.of()));
    }
    addTopic(false, name, infos, configs);
  }

  /** A topic whose partitions hold these offsets, each {start, end}. */
  void log(String name, long[]... bounds) {
    topic(name, bounds.length, 1, Map.of());
    Map<TopicPartition, Long> starts = new HashMap<>();
    Map<TopicPartition, Long> ends = new HashMap<>();
    for (int i = 0; i < bounds.length; i++) {
      starts.put(new TopicPartition(name, i), bounds[i][0]);
      ends.put(new TopicPartition(name, i), bounds[i][1]);
    }
    updateBeginningOffsets(starts);
    updateEndOffsets(ends);
  }

  @Override
  public synchronized DescribeClusterResult describeCluster(DescribeClusterOptions options) {
    if (beforeKafka4 && options.includeFencedBrokers()) {
      throw new UnsupportedVersionException("no fenced brokers");
    }
    return super.describeCluster(options);
  }

  @Override
  public synchronized CreateTopicsResult createTopics(
      Collection<NewTopic> topics, CreateTopicsOptions options) {
    beforeCreate.run();
    CreateTopicsResult result = super.createTopics(topics, options);
    if (hiddenLookUps > 0) {
      topics.forEach(topic -> setFetchesRemainingUntilVisible(topic.name(), hiddenLookUps));
    }
    return result;
  }

  @Override
  public synchronized ListConsumerGroupOffsetsResult listConsumerGroupOffsets(
      Map<String, ListConsumerGroupOffsetsSpec> groups, ListConsumerGroupOffsetsOptions options) {
    stableReads.add(options.requireStable());
    if (options.requireStable() && stableReadsUntilDecided-- == 0) {
      endTransaction.run();
      undecided.clear();
    }
    ListConsumerGroupOffsetsResult result = super.listConsumerGroupOffsets(groups, options);
    groups.forEach((group, spec) -> completeLikeKafka(result, group, spec, options));
    return result;
  }

  @Override
  public synchronized AlterConsumerGroupOffsetsResult alterConsumerGroupOffsets(
      String group,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      AlterConsumerGroupOffsetsOptions options) {
    boolean running = !membersRunAtCommit.isEmpty();
    if (running) {
      membersRunAtCommit.removeFirst().run();
    } else {
      Map<TopicPartition, Long> committed =
          new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
      offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
      commits.add(committed);
      updateConsumerGroupOffsets(committed);
    }
    Map<TopicPartition, Errors> result = new HashMap<>();
    for (TopicPartition partition : offsets.keySet()) {
      result.put(partition, running ? Errors.UNKNOWN_MEMBER_ID : Errors.NONE);
    }
    return altered(result);
  }

  /**
   * Null where there is no offset; nothing for what is undecided, if only stable ones are wanted.
   */
  private void completeLikeKafka(
      ListConsumerGroupOffsetsResult result,
      String group,
      ListConsumerGroupOffsetsSpec spec,
      ListConsumerGroupOffsetsOptions options) {
    KafkaFuture<?> _ =
        result
            .partitionsToOffsetAndMetadata(group)
            .whenComplete((offsets, _) -> {
              spec.topicPartitions().forEach(partition -> offsets.putIfAbsent(partition, null));
              if (options.requireStable()) {
                offsets.keySet().removeAll(undecided);
              }
            });
  }

  /** Kafka makes this result by a constructor of its own package only. */
  private static AlterConsumerGroupOffsetsResult altered(Map<TopicPartition, Errors> result) {
    try {
      Constructor<AlterConsumerGroupOffsetsResult> constructor =
          AlterConsumerGroupOffsetsResult.class.getDeclaredConstructor(KafkaFuture.class);
      constructor.setAccessible(true);
      return constructor.newInstance(KafkaFuture.completedFuture(result));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("Kafka has changed this constructor", e);
    }
  }

  private static List<Node> nodes(int count) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(i, "broker" + i, 9092));
    }
    return nodes;
  }
}
