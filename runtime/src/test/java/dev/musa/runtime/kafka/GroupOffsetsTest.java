package dev.musa.runtime.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupOffsetsTest {

  private static final TopicPartition P0 = new TopicPartition("events", 0);
  private static final TopicPartition P1 = new TopicPartition("events", 1);
  private static final TopicPartition Q0 = new TopicPartition("other", 0);

  private final FakeCluster cluster = new FakeCluster(1);
  private final FakeTime time = new FakeTime();
  private final List<String> expired = new ArrayList<>();

  @Test
  void newGroupsBeginAtTheStartOfTheLog() {
    cluster.log("events", new long[] {0, 10}, new long[] {5, 20});
    cluster.log("other", new long[] {0, 0});

    assertThat(initialise("events", "other")).isEqualTo(Map.of(P0, 0L, P1, 5L, Q0, 0L));

    assertThat(cluster.commits).containsExactly(Map.of(P0, 0L, P1, 5L, Q0, 0L));
  }

  @Test
  void offsetsInTheLogAreKept() {
    cluster.log("events", new long[] {5, 10}, new long[] {5, 20});
    cluster.updateConsumerGroupOffsets(Map.of(P0, 5L, P1, 20L));

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 5L, P1, 20L));

    assertThat(cluster.commits).isEmpty();
    assertThat(cluster.stableReads).as("no waiting for transactions").containsExactly(false);
  }

  @Test
  void offsetsBelowTheStartOfTheLogAreLeftToTheReaders() {
    cluster.log("events", new long[] {7, 10}, new long[] {0, 20});
    cluster.updateConsumerGroupOffsets(Map.of(P0, 3L, P1, 20L));

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 3L, P1, 20L));

    assertThat(cluster.commits).isEmpty();
  }

  @Test
  void offsetsBeyondTheEndOfTheLogAreRefused() {
    cluster.log("events", new long[] {0, 10}, new long[] {0, 0});
    cluster.updateConsumerGroupOffsets(Map.of(P0, 11L, P1, 0L));

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> initialise("events"))
        .withMessage(
            "group readers is at offset 11 of events-0, whose log ends at 10: the topic was created"
                + " anew or its broker lost records; see what is missing, then set the offset with"
                + " kafka-consumer-groups.sh --reset-offsets");
    assertThat(cluster.commits).isEmpty();
  }

  @Test
  void missingTopicsAreRefused() {
    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> initialise("events"))
        .withMessage("topic events does not exist (expected: created before group readers starts)");
  }

  @Test
  void whatAnotherProcessInitialisesMeanwhileIsLeftToIt() {
    cluster.log("events", new long[] {0, 10});
    cluster.membersRunAtCommit.add(() -> cluster.updateConsumerGroupOffsets(Map.of(P0, 4L)));

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 4L));

    assertThat(cluster.commits).isEmpty();
  }

  @Test
  void offsetsOfOpenTransactionsAreWaitedForAndKept() {
    cluster.log("events", new long[] {7, 20}, new long[] {0, 20});
    cluster.updateConsumerGroupOffsets(Map.of(P1, 4L));
    cluster.undecided.addAll(List.of(P0, P1));
    cluster.stableReadsUntilDecided = 3;
    cluster.endTransaction = () -> cluster.updateConsumerGroupOffsets(Map.of(P0, 12L));

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 12L, P1, 4L));

    assertThat(cluster.commits).isEmpty();
    assertThat(time.pauses).hasSize(3);
  }

  @Test
  void openTransactionsHinderNobodyWhoNeedsNoChange() {
    cluster.log("events", new long[] {0, 20});
    cluster.updateConsumerGroupOffsets(Map.of(P0, 3L));
    cluster.undecided.add(P0);

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 3L));
  }

  @Test
  void transactionsThatStayOpenAreRefused() {
    cluster.log("events", new long[] {7, 20}, new long[] {0, 20});
    cluster.undecided.add(P0);

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> initialise("events"))
        .withMessage(
            "group readers has an open transaction on [events-0]: stop its writer, or start again"
                + " once it has timed out");
    assertThat(cluster.commits).isEmpty();
  }

  @Test
  void membersThatStopInTimeAreWaitedFor() {
    cluster.log("events", new long[] {0, 10});
    cluster.membersRunAtCommit.addAll(List.of(() -> {}, () -> {}));

    assertThat(initialise("events")).isEqualTo(Map.of(P0, 0L));

    assertThat(cluster.commits).containsExactly(Map.of(P0, 0L));
    assertThat(time.pauses).hasSize(2);
  }

  @Test
  void membersThatRunWithOtherTopicsAreRefused() {
    cluster.log("events", new long[] {0, 10}, new long[] {0, 10});
    cluster.updateConsumerGroupOffsets(Map.of(P0, 3L));
    for (int i = 0; i < 1000; i++) {
      cluster.membersRunAtCommit.add(() -> {});
    }

    assertThatExceptionOfType(StartupException.class)
        .isThrownBy(() -> initialise("events"))
        .withMessage(
            "group readers has no offset for [events-1] and members that run with other topics:"
                + " stop them first");
  }

  @Test
  void seekPastExpired_movesToTheStartOfTheLogAndReports() {
    try (MockConsumer<byte[], byte[]> consumer = consumer()) {
      GroupOffsets.seekPastExpired(
          consumer, new OffsetOutOfRangeException(Map.of(P0, 3L)), this::expire);

      assertThat(consumer.position(P0)).isEqualTo(7);
      assertThat(consumer.position(P1)).isEqualTo(9);
      assertThat(expired).containsExactly("events-0 3..7");
    }
  }

  @Test
  void seekPastExpired_refusesPositionsBeyondTheEnd() {
    try (MockConsumer<byte[], byte[]> consumer = consumer()) {
      OffsetOutOfRangeException lost = new OffsetOutOfRangeException(Map.of(P0, 3L, P1, 21L));

      assertThatThrownBy(() -> GroupOffsets.seekPastExpired(consumer, lost, this::expire))
          .isSameAs(lost);

      assertThat(consumer.position(P0)).as("nothing has moved").isEqualTo(3);
      assertThat(expired).isEmpty();
    }
  }

  private static MockConsumer<byte[], byte[]> consumer() {
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    consumer.assign(List.of(P0, P1));
    consumer.updateBeginningOffsets(Map.of(P0, 7L, P1, 0L));
    consumer.updateEndOffsets(Map.of(P0, 10L, P1, 20L));
    consumer.seek(P0, 3);
    consumer.seek(P1, 9);
    return consumer;
  }

  private Map<TopicPartition, Long> initialise(String... topics) {
    KafkaCalls calls = time.within(Duration.ofSeconds(15));
    return new GroupOffsets(cluster, calls, "readers").initialise(List.of(topics));
  }

  private void expire(TopicPartition partition, long from, long to) {
    expired.add(partition + " " + from + ".." + to);
  }
}
