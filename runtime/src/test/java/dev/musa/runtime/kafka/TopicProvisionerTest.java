package dev.musa.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicProvisionerTest {

  private static final Map<String, String> DURABLE = Map.of("min.insync.replicas", "2");

  private final FakeTime time = new FakeTime();

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 2", "5, 3, 2"})
  void missingTopicsAreCreatedAsDurableAsTheClusterAllows(
      int brokers, int replicationFactor, int minInSync) throws Exception {
    FakeCluster cluster = new FakeCluster(brokers);

    ensure(
        cluster,
        new TopicSpec("events", 4, Map.of("message.timestamp.type", "LogAppendTime")),
        new TopicSpec("rules", 1, Map.of("cleanup.policy", "compact")));

    assertThat(description(cluster, "events").partitions())
        .hasSize(4)
        .allSatisfy(p -> assertThat(p.replicas()).hasSize(replicationFactor));
    assertThat(configs(cluster, "events"))
        .containsEntry("min.insync.replicas", String.valueOf(minInSync))
        .containsEntry("unclean.leader.election.enable", "false")
        .containsEntry("message.timestamp.type", "LogAppendTime");
    assertThat(description(cluster, "rules").partitions()).hasSize(1);
    assertThat(configs(cluster, "rules")).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void existingTopicsAsTheyHaveToBeAreLeftAlone() throws Exception {
    FakeCluster cluster = new FakeCluster(3);
    cluster.topic("events", 4, 3, DURABLE);
    cluster.beforeCreate =
        () -> {
          throw new AssertionError("nothing to create");
        };

    ensure(cluster, new TopicSpec("events", 4, Map.of()));

    assertThat(configs(cluster, "events")).containsEntry("min.insync.replicas", "2");
  }

  @Test
  void secondRunFindsWhatTheFirstCreated() {
    FakeCluster cluster = new FakeCluster(3);
    TopicSpec events =
        new TopicSpec("events", 4, Map.of("cleanup.policy", "compact", "retention.ms", "1000"));

    ensure(cluster, events);
    ensure(cluster, events);
  }

  @Test
  void otherPartitionCountsAreRefusedWithBothNumbers() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.topic("events", 8, 1, Map.of());

    assertRefused(
        cluster,
        "topic events has 8 partitions (expected: 4): configure 8, or delete the topic if its"
            + " content is not needed",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void fewerReplicasAreRefusedUnlessThereAreNoMoreBrokers() {
    FakeCluster single = new FakeCluster(1);
    single.topic("events", 4, 1, Map.of());
    ensure(single, new TopicSpec("events", 4, Map.of()));

    FakeCluster three = new FakeCluster(3);
    three.topic("events", 4, 2, DURABLE);
    assertRefused(
        three,
        "topic events has replication factor 2 (expected: at least 3 with 3 brokers): raise it with"
            + " kafka-reassign-partitions.sh, or delete the topic if its content is not needed",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void fewerInSyncReplicasAreRefused() {
    FakeCluster cluster = new FakeCluster(3);
    cluster.topic("events", 4, 3, Map.of("min.insync.replicas", "1"));

    assertRefused(
        cluster,
        "topic events has min.insync.replicas=1 (expected: 2): set it with kafka-configs.sh --alter"
            + " --topic events --add-config min.insync.replicas=2",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void moreInSyncReplicasThanThereAreReplicasAreRefused() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.topic("events", 4, 1, DURABLE);

    assertRefused(
        cluster,
        "topic events has min.insync.replicas=2 (expected: 1): set it with kafka-configs.sh --alter"
            + " --topic events --add-config min.insync.replicas=1",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void electionOfReplicasThatLagIsRefused() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.topic("events", 4, 1, Map.of("unclean.leader.election.enable", "true"));

    assertRefused(
        cluster,
        "topic events has unclean.leader.election.enable=true (expected: false): set it with"
            + " kafka-configs.sh --alter --topic events --add-config"
            + " unclean.leader.election.enable=false",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void decisiveSettingsHaveToFitAndOthersMayDiffer() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.topic(
        "events",
        1,
        1,
        Map.of(
            "message.timestamp.type", "CreateTime",
            "cleanup.policy", "delete,compact",
            "max.message.bytes", "2000",
            "retention.ms", "5"));

    ensure(
        cluster,
        new TopicSpec(
            "events",
            1,
            Map.of(
                "cleanup.policy", "compact, delete",
                "max.message.bytes", "1000",
                "retention.ms", "7")));
    assertRefused(
        cluster,
        "topic events has message.timestamp.type=CreateTime (expected: LogAppendTime): set it with"
            + " kafka-configs.sh --alter --topic events --add-config"
            + " message.timestamp.type=LogAppendTime",
        new TopicSpec("events", 1, Map.of("message.timestamp.type", "LogAppendTime")));
    assertRefused(
        cluster,
        "topic events has max.message.bytes=2000 (expected: 3000): set it with kafka-configs.sh"
            + " --alter --topic events --add-config max.message.bytes=3000",
        new TopicSpec("events", 1, Map.of("max.message.bytes", "3000")));
    assertRefused(
        cluster,
        "topic events has cleanup.policy=delete,compact (expected: delete): set it with"
            + " kafka-configs.sh --alter --topic events --add-config cleanup.policy=delete",
        new TopicSpec("events", 1, Map.of("cleanup.policy", "delete")));
  }

  @Test
  void severalProblemsAreCounted() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.topic("a", 2, 1, Map.of());
    cluster.topic("b", 2, 1, Map.of());

    assertRefused(
        cluster,
        "topic a has 2 partitions (expected: 1): configure 2, or delete the topic if its content is"
            + " not needed (and 1 more like it)",
        new TopicSpec("a", 1, Map.of()),
        new TopicSpec("b", 1, Map.of()));
  }

  @Test
  void topicsThatAnotherProcessCreatesMeanwhileAreCheckedToo() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.beforeCreate = () -> cluster.topic("events", 8, 1, Map.of());

    assertRefused(
        cluster,
        "topic events has 8 partitions (expected: 4): configure 8, or delete the topic if its"
            + " content is not needed",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void createdTopicsAreWaitedFor() {
    FakeCluster cluster = new FakeCluster(1);
    TopicSpec events = new TopicSpec("events", 1, Map.of());
    ensureHidden(cluster, events, 3);

    assertThat(time.pauses).hasSize(3).containsOnly(Duration.ofMillis(50));
  }

  @Test
  void createdTopicsThatStayInvisibleAreGivenUpInTime() {
    FakeCluster cluster = new FakeCluster(1);

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(
            () -> ensureHidden(cluster, new TopicSpec("events", 1, Map.of()), Integer.MAX_VALUE))
        .withMessage(
            "topic events was created but has partitions without a leader after 15s: see that all"
                + " Kafka brokers run");
    assertThat(time.pauses).as("a tenth of the time is kept for the last try").hasSize(269);
  }

  @Test
  void silentClustersAreGivenUp() {
    FakeCluster cluster = new FakeCluster(1);
    cluster.timeoutNextRequest(1);

    assertRefused(
        cluster,
        "Kafka at broker0:9092 did not answer within 15s while counting brokers: see that it runs,"
            + " or set kafka.bootstrapServers",
        new TopicSpec("events", 4, Map.of()));
  }

  @Test
  void clustersBeforeKafka4AreCountedWithoutFencedBrokers() throws Exception {
    FakeCluster cluster = new FakeCluster(3);
    cluster.beforeKafka4 = true;

    ensure(cluster, new TopicSpec("events", 1, Map.of()));

    assertThat(description(cluster, "events").partitions().getFirst().replicas()).hasSize(3);
  }

  @Test
  void impossibleSpecsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicSpec("events", 0, Map.of()))
        .withMessage("partitions is 0 for topic events (expected: 1 or more)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TopicSpec("", 1, Map.of()))
        .withMessage("name is empty (expected: the name of a topic)");
  }

  private void ensureHidden(FakeCluster cluster, TopicSpec topic, int lookUps) {
    cluster.hiddenLookUps = lookUps;
    ensure(cluster, topic);
  }

  private void ensure(FakeCluster cluster, TopicSpec... topics) {
    new TopicProvisioner(cluster, time.within(Duration.ofSeconds(15))).ensure(List.of(topics));
  }

  private void assertRefused(FakeCluster cluster, String message, TopicSpec... topics) {
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> ensure(cluster, topics))
        .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message));
  }

  private static TopicDescription description(FakeCluster cluster, String topic) throws Exception {
    return cluster.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
  }

  private static Map<String, String> configs(FakeCluster cluster, String topic) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Map<String, String> configs = new HashMap<>();
    cluster
        .describeConfigs(List.of(resource))
        .all()
        .get()
        .get(resource)
        .entries()
        .forEach(entry -> configs.put(entry.name(), entry.value()));
    return configs;
  }
}
