package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.node.RetentionPlan.Partition;
import dev.musa.app.node.RetentionPlan.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionPlanTest {
  private static final TopicPartition A = new TopicPartition("a", 0);
  private static final TopicPartition B = new TopicPartition("b", 0);
  private static final long NO_LIMIT = Long.MAX_VALUE;

  @Test
  void age_cutsWhatIsOldAndPassed() {
    RetentionPlan plan = plan(List.of(partition(A, 0, 300)), 250, NO_LIMIT, 0);
    assertThat(plan.cuts()).isEqualTo(Map.of(A, 200L));
    assertThat(plan.kept()).isEqualTo(Map.of("a", 200L));
    assertThat(plan.held()).isEqualTo(Map.of("a", 0L));
  }

  @Test
  void age_withAReaderBehind_cutsUpToItAndCountsWhatItHolds() {
    RetentionPlan plan = plan(List.of(partition(A, 0, 150)), 450, NO_LIMIT, 0);
    assertThat(plan.cuts()).isEqualTo(Map.of(A, 150L));
    assertThat(plan.held()).isEqualTo(Map.of("a", 300L));
  }

  @Test
  void age_withAReaderThatHasNotBegun_cutsNothing() {
    RetentionPlan plan = plan(List.of(partition(A, 0, 0)), 450, 1, 0);
    assertThat(plan.cuts()).isEmpty();
    assertThat(plan.held()).isEqualTo(Map.of("a", 400L));
    assertThat(plan.excess()).isEqualTo(399);
  }

  @Test
  void age_ofAWholePartition_cutsAlsoTheActiveSegment() {
    assertThat(plan(List.of(partition(A, 0, 400)), 450, NO_LIMIT, 0).cuts())
        .isEqualTo(Map.of(A, 400L));
  }

  @Test
  void size_cutsTheOldestOfAllPartitions() {
    Partition younger =
        new Partition(
            B, 0, 400, List.of(segment(0, 150, false), segment(1, 350, false), active(2, 500)));
    RetentionPlan plan = plan(List.of(partition(A, 0, 400), younger), 0, 400, 0);
    assertThat(plan.cuts()).isEqualTo(Map.of(A, 200L, B, 100L));
    assertThat(plan.excess()).isZero();
  }

  @Test
  void size_doesNotCountWhatIsDeletedAlready() {
    assertThat(plan(List.of(partition(A, 200, 400)), 0, 200, 0).cuts()).isEmpty();
  }

  @Test
  void size_leavesActiveSegmentsAlone() {
    RetentionPlan plan = plan(List.of(partition(A, 0, 400)), 0, 1, 0);
    assertThat(plan.cuts()).isEqualTo(Map.of(A, 300L));
    assertThat(plan.excess()).isEqualTo(99);
  }

  @Test
  void missingSpace_cutsWithinAgeAndSize() {
    assertThat(plan(List.of(partition(A, 0, 400)), 0, NO_LIMIT, 150).cuts())
        .isEqualTo(Map.of(A, 200L));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void anyPlan_staysBehindReadersAndMovesForward(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 1000; round++) {
      List<Partition> partitions = new ArrayList<>();
      for (int p = 0; p < 1 + random.nextInt(5); p++) {
        partitions.add(randomPartition(random, p));
      }
      long oldest = random.nextLong(1200);
      long size = 1 + random.nextLong(3000);
      long missing = random.nextBoolean() ? random.nextLong(900) : 0;
      RetentionPlan plan = plan(partitions, oldest, size, missing);
      for (Partition p : partitions) {
        Long cut = plan.cuts().get(p.id());
        if (cut != null) {
          assertThat(cut).isGreaterThan(p.startOffset()).isLessThanOrEqualTo(p.passed());
        }
        assertNothingLeftThatIsOldAndPassed(p, cut == null ? p.startOffset() : cut, oldest);
      }
      long kept = plan.kept().values().stream().mapToLong(Long::longValue).sum();
      assertThat(kept)
          .isGreaterThanOrEqualTo(plan.held().values().stream().mapToLong(l -> l).sum());
      if (plan.excess() == 0) {
        assertThat(kept).isLessThanOrEqualTo(size);
      }
    }
  }

  private static void assertNothingLeftThatIsOldAndPassed(Partition p, long start, long oldest) {
    for (Segment s : p.live()) {
      if (s.newestUnixMilli() >= oldest || s.endOffset() > p.passed()) {
        return;
      }
      assertThat(start).isGreaterThanOrEqualTo(s.endOffset());
    }
  }

  private static Partition randomPartition(Random random, int number) {
    int count = 1 + random.nextInt(5);
    List<Segment> segments = new ArrayList<>();
    long time = random.nextInt(500);
    for (int i = 0; i < count; i++) {
      time += random.nextInt(300);
      segments.add(segment(i, time, i == count - 1));
    }
    long end = count * 100L;
    long start = random.nextLong(end + 1);
    long passed = random.nextInt(4) == 0 ? 0 : start + random.nextLong(end - start + 1);
    return new Partition(new TopicPartition("t", number), start, passed, segments);
  }

  private static RetentionPlan plan(
      List<Partition> partitions, long oldest, long size, long missing) {
    return new RetentionPlan(partitions, oldest, size, missing);
  }

  /**
   * Four segments of 100 records and 100 bytes, newest at 100, 200, 300 and 400, the last active.
   */
  private static Partition partition(TopicPartition id, long start, long passed) {
    return new Partition(
        id,
        start,
        passed,
        List.of(
            segment(0, 100, false),
            segment(1, 200, false),
            segment(2, 300, false),
            active(3, 400)));
  }

  private static Segment active(int index, long newest) {
    return segment(index, newest, true);
  }

  private static Segment segment(int index, long newest, boolean active) {
    return new Segment(index * 100L, index * 100L + 100, 100, newest, active);
  }
}
