package dev.musa.benchmarks.kafka;

import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Looks things up on Kafka. */
public final class Cluster implements AutoCloseable {
  private static final int LIMIT_SECONDS = 30;

  private final String bootstrapServers;
  private final Admin admin;

  public Cluster(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
    this.admin =
        Admin.create(
            Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG,
                false));
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  public void createTopic(String name, int partitions) throws InterruptedException {
    await(
        admin
            .createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.empty())))
            .all());
  }

  /** Bytes of all logs of a topic. */
  public long bytes(String topic) throws InterruptedException {
    List<Integer> brokers =
        await(admin.describeCluster().nodes()).stream().map(node -> node.id()).toList();
    long sum = 0;
    for (var directories : await(admin.describeLogDirs(brokers).allDescriptions()).values()) {
      for (var directory : directories.values()) {
        for (Map.Entry<TopicPartition, ReplicaInfo> replica : directory.replicaInfos().entrySet()) {
          sum += replica.getKey().topic().equals(topic) ? replica.getValue().size() : 0;
        }
      }
    }
    return sum;
  }

  public Map<TopicPartition, Long> endOffsets(String topic) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    partitions(topic).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    await(admin.listOffsets(latest).all())
        .forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  /** Records in a topic that nothing was deleted from, transaction markers included. */
  public long records(String topic) throws InterruptedException {
    return endOffsets(topic).values().stream().mapToLong(Long::longValue).sum();
  }

  /** Records of a topic that a group has committed as read. */
  public long committed(String group, String topic) throws InterruptedException {
    long sum = 0;
    for (var entry :
        await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).entrySet()) {
      if (entry.getKey().topic().equals(topic) && entry.getValue() != null) {
        sum += entry.getValue().offset();
      }
    }
    return sum;
  }

  /** Reads a whole topic and counts what is in it. */
  public TopicCount count(String topic, Signal signal) throws InterruptedException {
    return new TopicReader(bootstrapServers, signal).read(endOffsets(topic));
  }

  private List<TopicPartition> partitions(String topic) throws InterruptedException {
    var description = await(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    List<TopicPartition> partitions = new ArrayList<>();
    if (description != null) {
      description
          .partitions()
          .forEach(partition -> partitions.add(new TopicPartition(topic, partition.partition())));
    }
    return partitions;
  }

  private <T> T await(KafkaFuture<T> answer) throws InterruptedException {
    try {
      return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("Kafka at " + bootstrapServers + " does not answer: " + e, e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
