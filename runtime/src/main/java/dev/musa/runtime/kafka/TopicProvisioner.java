package dev.musa.runtime.kafka;

import static java.util.Objects.requireNonNull;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that topics exist and keep what is written to them: creates what is missing, with
 * {@code min(3, brokers)} replicas of which all but one (at least one) have a record before it is
 * acknowledged; refuses an existing topic that promises less or has another number of partitions.
 */
public final class TopicProvisioner {

  private static final Logger log = LoggerFactory.getLogger(TopicProvisioner.class);

  private final Admin admin;
  private final KafkaCalls calls;

  TopicProvisioner(Admin admin, KafkaCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /**
   * Returns once all topics exist, are as they have to be and can be written, or within 15 seconds.
   *
   * @param admin best from {@link KafkaAdmin#connect}
   * @throws StartupException if a topic is not as it has to be, or Kafka does not answer
   */
  public static void ensure(Admin admin, List<TopicSpec> topics) {
    ensure(admin, topics, KafkaCalls.DEFAULT_TIMEOUT);
  }

  /** As {@link #ensure(Admin, List)}, within another time. */
  public static void ensure(Admin admin, List<TopicSpec> topics, Duration timeout) {
    new TopicProvisioner(admin, KafkaCalls.within(timeout)).ensure(topics);
  }

  void ensure(List<TopicSpec> topics) {
    Map<String, TopicSpec> specs = new LinkedHashMap<>();
    topics.forEach(topic -> specs.put(topic.name(), topic));
    try {
      Durability durability = Durability.of(brokers());
      Map<String, TopicDescription> existing = describe(specs.keySet());
      List<String> created = createMissing(specs, existing, durability);
      // A topic that another process has created just now is checked like the others.
      awaitVisible(created, existing);
      check(specs, existing, durability);
    } catch (KafkaException e) {
      throw new StartupException("Kafka refused while preparing topics: " + e.getMessage(), e);
    }
  }

  /** Also those that are down now: they come back, and a new topic needs its replicas on them. */
  private int brokers() {
    try {
      DescribeClusterOptions all = new DescribeClusterOptions().includeFencedBrokers(true);
      return calls.get(admin.describeCluster(all).nodes(), "counting brokers").size();
    } catch (UnsupportedVersionException e) {
      log.atDebug().setCause(e).log("brokers before Kafka 4.0 cannot tell which of them are down");
      return calls.get(admin.describeCluster().nodes(), "counting brokers").size();
    }
  }

  private Map<String, TopicDescription> describe(Collection<String> names) {
    Map<String, TopicDescription> found = new LinkedHashMap<>();
    for (var answer : admin.describeTopics(names).topicNameValues().entrySet()) {
      String name = answer.getKey();
      try {
        found.put(name, calls.get(answer.getValue(), "looking up topic " + name));
      } catch (UnknownTopicOrPartitionException e) {
        log.atDebug().addKeyValue("topic", name).log("topic does not exist");
      }
    }
    return found;
  }

  private List<String> createMissing(
      Map<String, TopicSpec> specs, Map<String, TopicDescription> existing, Durability durability) {
    Map<String, NewTopic> missing = new LinkedHashMap<>();
    for (TopicSpec spec : specs.values()) {
      if (!existing.containsKey(spec.name())) {
        missing.put(spec.name(), newTopic(spec, durability));
      }
    }
    if (!missing.isEmpty()) {
      var answers = admin.createTopics(missing.values()).values();
      missing.forEach((name, topic) -> awaitCreated(topic, answers.get(name)));
    }
    return List.copyOf(missing.keySet());
  }

  private void awaitCreated(NewTopic topic, @Nullable KafkaFuture<Void> answer) {
    try {
      calls.get(requireNonNull(answer), "creating topic " + topic.name());
      log.atInfo()
          .addKeyValue("topic", topic.name())
          .addKeyValue("partitions", topic.numPartitions())
          .addKeyValue("replicationFactor", topic.replicationFactor())
          .log("topic created");
    } catch (TopicExistsException e) {
      log.atDebug().addKeyValue("topic", topic.name()).log("topic was created by another process");
    } catch (KafkaException e) {
      throw new StartupException(
          ("topic %s cannot be created: %s (expected: it exists with %d partitions and replication"
                  + " factor %d, or this user may create it)")
              .formatted(
                  topic.name(), e.getMessage(), topic.numPartitions(), topic.replicationFactor()),
          e);
    }
  }

  private static NewTopic newTopic(TopicSpec spec, Durability durability) {
    Map<String, String> configs = new LinkedHashMap<>(spec.configs());
    configs.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(durability.minInSyncReplicas()));
    configs.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    short replicationFactor = (short) durability.replicationFactor();
    return new NewTopic(spec.name(), spec.partitions(), replicationFactor).configs(configs);
  }

  /** A created topic is known to the controller first; brokers and partition leaders follow. */
  private void awaitVisible(List<String> created, Map<String, TopicDescription> existing) {
    List<String> waiting = new ArrayList<>(created);
    while (!waiting.isEmpty()) {
      Map<String, TopicDescription> visible = describe(waiting);
      visible.values().removeIf(topic -> !hasLeaders(topic));
      existing.putAll(visible);
      waiting.removeAll(visible.keySet());
      if (!waiting.isEmpty() && !calls.pause()) {
        throw new StartupException(
            "topic %s was created but has partitions without a leader after %s: see that all"
                    .formatted(waiting.getFirst(), calls.limit())
                + " Kafka brokers run");
      }
    }
  }

  private static boolean hasLeaders(TopicDescription topic) {
    return topic.partitions().stream()
        .map(TopicPartitionInfo::leader)
        .allMatch(leader -> leader != null && !leader.isEmpty());
  }

  private void check(
      Map<String, TopicSpec> specs, Map<String, TopicDescription> existing, Durability durability) {
    Map<String, Config> settings = settings(specs.keySet());
    List<String> problems = new ArrayList<>();
    for (TopicSpec spec : specs.values()) {
      TopicCheck check =
          new TopicCheck(
              spec,
              requireNonNull(existing.get(spec.name())),
              requireNonNull(settings.get(spec.name())),
              durability);
      problems.addAll(check.problems());
      check.logDifferences();
    }
    if (!problems.isEmpty()) {
      String more =
          problems.size() == 1 ? "" : " (and %d more like it)".formatted(problems.size() - 1);
      throw new StartupException(problems.getFirst() + more);
    }
  }

  private Map<String, Config> settings(Collection<String> names) {
    List<ConfigResource> resources = new ArrayList<>();
    for (String name : names) {
      resources.add(new ConfigResource(ConfigResource.Type.TOPIC, name));
    }
    Map<String, Config> settings = new HashMap<>();
    for (var answer : admin.describeConfigs(resources).values().entrySet()) {
      String name = answer.getKey().name();
      settings.put(name, calls.get(answer.getValue(), "reading the settings of topic " + name));
    }
    return settings;
  }
}
