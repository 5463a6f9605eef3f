package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.StaticMembers;
import dev.musa.runtime.lifecycle.Gate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removing static members, as Kafka itself does it. */
class StaticMembersTest {
  private static final String GROUP = "musa-traces";
  private static final int PARTITIONS = 4;

  @TempDir Path temp;

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @Test
  void memberThatIsRemoved_hasItsPartitionsTakenOverLongBeforeItsSessionEnds() throws Exception {
    try (EmbeddedNode node = node()) {
      node.start();
      String bootstrap = node.bootstrapServers();
      Clients.createTopic(bootstrap, "t", PARTITIONS, Map.of());
      KafkaConfig kafka = KafkaConfig.defaults().withBootstrapServers(List.of(bootstrap));
      try (StaticMembers members = StaticMembers.connect(kafka, "test");
          KafkaConsumer<String, String> stays = member(bootstrap, "0-0")) {
        assertThat(members.of(GROUP)).as("no such group yet").isEmpty();
        try (KafkaConsumer<String, String> ends = member(bootstrap, "1-0")) {
          Waiting.until(
              "two members",
              Duration.ofSeconds(30),
              () -> {
                poll(stays);
                poll(ends);
                return stays.assignment().size() == 2 && ends.assignment().size() == 2;
              });
        }
        poll(stays);
        assertThat(members.of(GROUP)).containsExactlyInAnyOrder("0-0", "1-0");
        assertThat(stays.assignment()).as("the other keeps its own").hasSize(2);

        members.remove(GROUP, Set.of("1-0"), "test");

        assertThat(members.of(GROUP)).containsExactly("0-0");
        Waiting.until(
            "taken over",
            Duration.ofSeconds(15),
            () -> {
              poll(stays);
              return stays.assignment().size() == PARTITIONS;
            });
        members.remove(GROUP, Set.of("1-0"), "it is gone already");
      }
    }
  }

  /** With a session so long that the test would fail before its end. */
  private static KafkaConsumer<String, String> member(String bootstrap, String instanceId) {
    KafkaConsumer<String, String> consumer =
        Clients.consumer(
            bootstrap,
            Map.of(
                "group.id",
                GROUP,
                "group.instance.id",
                instanceId,
                "session.timeout.ms",
                60_000,
                "auto.offset.reset",
                "earliest",
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName()));
    consumer.subscribe(List.of("t"));
    return consumer;
  }

  private static void poll(KafkaConsumer<String, String> consumer) {
    var _ = consumer.poll(Duration.ofMillis(100));
  }

  private EmbeddedNode node() {
    return new EmbeddedNode(
        NodeConfig.defaults().withData(temp).withPort(0),
        new Gate(),
        new SimpleMeterRegistry(),
        InstantSource.system());
  }
}
