package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class FlowTest {
  private static final TopicPartition LOGS_0 = new TopicPartition("musa.logs", 0);
  private static final TopicPartition METRICS_0 = new TopicPartition("musa.metrics", 0);
  private static final long LINGER = 100;

  private static Flow flow(int batchBytes) {
    return new Flow(
        new Limits(batchBytes, Duration.ofMillis(LINGER), 2, 10, 1_000_000, 500_000),
        () -> batchBytes,
        UnaryOperator.identity());
  }

  private static ConsumerRecord<byte[], byte[]> log(long offset, String tenant, String... ids) {
    return Telemetry.record(Signal.LOGS, 0, offset, tenant, List.of(ids));
  }

  private static List<String> ids(Batch batch) {
    var ids = new ArrayList<String>();
    for (var piece : batch.pieces()) {
      ids.addAll(Telemetry.ids(batch.signal(), piece.bytes()));
    }
    return ids;
  }

  @Test
  void record_waitsForOthersUntilItLingered() {
    var flow = flow(100_000);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    flow.add(log(1, "a", "2"), 50);

    assertThat(flow.next(99)).isNull();
    assertThat(flow.dueInMilli(99)).isEqualTo(1);
    assertThat(ids(flow.next(100))).containsExactly("1", "2");
    assertThat(flow.next(1_000)).isNull();
  }

  @Test
  void fullBatch_goesAtOnce() {
    var one = log(0, "a", "1").value().length;
    var flow = flow(2 * one);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    IntStream.range(0, 5).forEach(i -> flow.add(log(i, "a", "" + i), 0));

    assertThat(ids(flow.next(0))).containsExactly("0", "1");
    assertThat(ids(flow.next(0))).containsExactly("2", "3");
    assertThat(flow.next(0)).isNull();
  }

  @Test
  void tenantsOfDifferentOrgIds_neverShareABatch() {
    var flow = flow(100_000);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    flow.add(log(1, "b", "2"), 0);
    flow.add(log(2, "a", "3"), 0);

    var first = flow.next(LINGER);
    var second = flow.next(LINGER);

    assertThat(first.orgId()).isEqualTo("a");
    assertThat(ids(first)).containsExactly("1", "3");
    assertThat(second.orgId()).isEqualTo("b");
    flow.finished(first);
    assertThat(flow.positions()).isEqualTo(Map.of(LOGS_0, 1L));
    flow.finished(second);
    assertThat(flow.positions()).isEqualTo(Map.of(LOGS_0, 3L));
  }

  @Test
  void tenantsOfOneOrgId_shareABatch() {
    var limits = new Limits(100_000, Duration.ofMillis(LINGER), 2, 10, 1_000_000, 500_000);
    var flow = new Flow(limits, limits::batchBytes, _ -> "all");
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    flow.add(log(1, "b", "2"), 0);

    var batch = flow.next(LINGER);

    assertThat(batch.orgId()).isEqualTo("all");
    assertThat(ids(batch)).containsExactly("1", "2");
  }

  @Test
  void metrics_haveOneBatchUnderWayPerPartitionAndTenant() {
    var flow = flow(1);
    flow.assign(METRICS_0, Signal.METRICS, 0, 0);
    flow.add(Telemetry.record(Signal.METRICS, 0, 0, "a", List.of("1")), 0);
    flow.add(Telemetry.record(Signal.METRICS, 0, 1, "a", List.of("2")), 0);

    var first = flow.next(0);

    assertThat(flow.next(0)).isNull();
    assertThat(flow.isWaitingForAnEnd()).isTrue();
    flow.finished(first);
    assertThat(ids(flow.next(0))).containsExactly("2");
  }

  @Test
  void lingeredBatchOfABusyLane_keepsFillingAndGoesWithTheEnd() {
    var flow = flow(100_000);
    flow.assign(METRICS_0, Signal.METRICS, 0, 0);
    flow.add(Telemetry.record(Signal.METRICS, 0, 0, "a", List.of("1")), 0);
    var first = flow.next(LINGER);
    flow.add(Telemetry.record(Signal.METRICS, 0, 1, "a", List.of("2")), LINGER);
    assertThat(flow.next(2 * LINGER)).isNull();
    assertThat(flow.isWaitingForAnEnd()).isTrue();
    flow.add(Telemetry.record(Signal.METRICS, 0, 2, "a", List.of("3")), 2 * LINGER);

    flow.finished(first);

    assertThat(ids(flow.next(2 * LINGER))).containsExactly("2", "3");
    assertThat(flow.isWaitingForAnEnd()).isFalse();
  }

  @Test
  void recordsForOtherSinksBehindOneUnderWay_fillTheWindow() {
    var flow =
        new Flow(
            new Limits(1, Duration.ZERO, 10, 10, Long.MAX_VALUE, 10_000),
            () -> 1,
            UnaryOperator.identity());
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    var underWay = flow.next(0);
    int offset = 1;
    while (flow.blocked().isEmpty()) {
      flow.passOver(log(offset++, "a", "2"));
      assertThat(offset).isLessThan(1_000);
    }

    flow.finished(underWay);
    flow.committed(flow.positions());

    assertThat(flow.blocked()).isEmpty();
    assertThat(flow.positions()).isEqualTo(Map.of(LOGS_0, (long) offset));
  }

  @Test
  void forgottenBatch_movesNoPosition() {
    var flow = flow(1);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    flow.add(log(1, "a", "2"), 0);
    flow.add(log(2, "a", "3"), 0);
    var old = flow.next(0);
    flow.release(LOGS_0);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);

    assertThat(flow.isForgotten(old)).isTrue();
    flow.abandoned(old);

    assertThat(flow.positions()).isEqualTo(Map.of(LOGS_0, 0L));
    assertThat(flow.heldBytes()).isZero();
    assertThat(flow.inFlight()).isZero();
    assertThat(flow.next(LINGER)).isNull();
  }

  @Test
  void partitionTooFarAhead_isBlockedUntilHalfIsCommitted() {
    var record = log(0, "a", "x".repeat(1_000));
    int size = record.value().length;
    var flow =
        new Flow(
            new Limits(1, Duration.ZERO, 10, 10, Long.MAX_VALUE, 4L * size),
            () -> 1,
            UnaryOperator.identity());
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    for (int i = 0; i < 4; i++) {
      flow.add(log(i, "a", "x".repeat(1_000)), 0);
    }
    var batches = IntStream.range(0, 4).mapToObj(_ -> flow.next(0)).toList();

    assertThat(flow.blocked()).containsExactly(LOGS_0);
    // What is finished behind an unfinished record would be sent again: it still counts.
    flow.finished(batches.get(1));
    flow.finished(batches.get(2));
    assertThat(flow.blocked()).containsExactly(LOGS_0);
    flow.finished(batches.get(0));
    assertThat(flow.wantsCommit()).isTrue();
    assertThat(flow.blocked()).containsExactly(LOGS_0);
    flow.committed(flow.positions());
    assertThat(flow.blocked()).isEmpty();
    assertThat(flow.wantsCommit()).isFalse();
  }

  @Test
  void fullBuffer_blocksEveryPartition() {
    var other = new TopicPartition("musa.logs", 1);
    var flow =
        new Flow(
            new Limits(1, Duration.ZERO, 10, 10, 50, Long.MAX_VALUE),
            () -> 1,
            UnaryOperator.identity());
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.assign(other, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "x".repeat(50)), 0);

    assertThat(flow.blocked()).containsExactlyInAnyOrder(LOGS_0, other);
    flow.finished(flow.next(0));
    assertThat(flow.blocked()).isEmpty();
  }

  @Test
  void recordWithoutHeaders_isABatchOfItsOwn() {
    var flow = flow(100_000);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    flow.add(new ConsumerRecord<>("musa.logs", 0, 1, null, new byte[] {1}), 0);

    var unreadable = flow.next(0);

    assertThat(unreadable.orgId()).isEqualTo("unknown");
    assertThat(unreadable.unreadable().reason()).contains("musa.");
  }

  @Test
  void truncatedRecord_isNeverConcatenated() {
    var flow = flow(100_000);
    flow.assign(LOGS_0, Signal.LOGS, 0, 0);
    flow.add(log(0, "a", "1"), 0);
    var whole = Telemetry.request(Signal.LOGS, List.of("2"));
    var cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    flow.add(Telemetry.record("musa.logs", 0, 1, "a", 1, cut), 0);
    flow.add(log(2, "a", "3"), 0);

    assertThat(flow.next(LINGER).pieces()).hasSize(1);
    assertThat(flow.next(LINGER).pieces()).hasSize(1);
    assertThat(flow.next(LINGER)).isNull();
  }
}
