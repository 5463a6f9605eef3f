package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class FrontierTest {
  private static final Receipt RECEIPT = new Receipt("a", 1, 1);

  @Test
  void stopsAtTheFirstUnfinishedRecord() {
    var frontier = new Frontier(10);
    var first = frontier.add(10, 1, 100, RECEIPT);
    var second = frontier.add(11, 2, 100, RECEIPT);

    frontier.finish(second);

    assertThat(frontier.position()).isEqualTo(10);
    assertThat(frontier.windowBytes()).isEqualTo(200);
    assertThat(frontier.oldestUnixMilli()).isEqualTo(1);
    frontier.finish(first);
    assertThat(frontier.position()).isEqualTo(12);
    assertThat(frontier.isEmpty()).isTrue();
    assertThat(frontier.uncommittedBytes()).isEqualTo(200);
    frontier.committed(11);
    assertThat(frontier.windowBytes()).isEqualTo(100);
    frontier.committed(12);
    assertThat(frontier.windowBytes()).isZero();
    assertThat(frontier.oldestUnixMilli()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void passesTransactionMarkersOnceNothingIsUnfinished() {
    var frontier = new Frontier(0);
    var slot = frontier.add(0, 1, 1, RECEIPT);

    frontier.advanceTo(5);

    assertThat(frontier.position()).isZero();
    frontier.finish(slot);
    assertThat(frontier.position()).isEqualTo(1);
    frontier.advanceTo(5);
    assertThat(frontier.position()).isEqualTo(5);
  }

  @Test
  void refusesAnOffsetThatRunsBack() {
    var frontier = new Frontier(7);

    assertThatThrownBy(() -> frontier.add(6, 0, 0, RECEIPT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("offset: 6 (expected: at least 7)");
  }

  @Test
  void covers_whatIsFinishedAndNotCommitted() {
    var frontier = new Frontier(10);
    var first = new Receipt("a", 1, 1);
    var slot = frontier.add(12, 1, 100, first);
    frontier.add(13, 1, 100, RECEIPT);

    assertThat(frontier.receipts()).isEmpty();
    frontier.finish(slot);
    assertThat(frontier.receipts()).containsExactly(first);
    assertThat(frontier.coveredFrom()).isEqualTo(10);
    frontier.committed(13);
    assertThat(frontier.receipts()).isEmpty();
    assertThat(frontier.coveredFrom()).isEqualTo(13);
  }

  @Test
  void whatExpired_isCoveredByTheCommitThatPassesIt() {
    var frontier = new Frontier(10);
    frontier.expired(10, 100);
    frontier.finish(frontier.add(100, 1, 1, RECEIPT));

    assertThat(frontier.coveredFrom()).isEqualTo(10);
    assertThat(frontier.coveredExpired()).isEqualTo(90);
    frontier.committed(101);
    assertThat(frontier.coveredFrom()).isEqualTo(101);
    assertThat(frontier.coveredExpired()).isZero();
  }

  @Test
  void whatExpiredBehindRecordsUnderWay_isLeftToTheCommitThatPassesIt() {
    var frontier = new Frontier(100);
    var slots = new ArrayList<Frontier.Slot>();
    for (int i = 0; i < 100; i++) {
      slots.add(frontier.add(100 + i, 1, 1, RECEIPT));
    }
    frontier.expired(200, 1_200);
    for (int i = 0; i < 50; i++) {
      frontier.finish(slots.get(i));
    }

    assertThat(frontier.position()).isEqualTo(150);
    assertThat(frontier.coveredFrom()).isEqualTo(100);
    assertThat(frontier.coveredExpired()).isZero();
    frontier.committed(150);
    for (int i = 50; i < 100; i++) {
      frontier.finish(slots.get(i));
    }
    frontier.finish(frontier.add(1_200, 1, 1, RECEIPT));

    assertThat(frontier.position()).isEqualTo(1_201);
    assertThat(frontier.coveredFrom()).isEqualTo(150);
    assertThat(frontier.coveredExpired()).isEqualTo(1_000);
    frontier.committed(1_201);
    assertThat(frontier.coveredFrom()).isEqualTo(1_201);
  }

  @Test
  void deadLetters_areHeldUntilTheyAreCommitted() {
    var frontier = new Frontier(0);
    var refused = new Receipt("a", 1, 100);
    var first = frontier.add(0, 1, 100, RECEIPT);
    var second = frontier.add(1, 1, 100, refused);
    refused.deadLetter(new ProducerRecord<>("dead", new byte[100]), "refused", 1, 100);

    frontier.finish(second);
    assertThat(frontier.letterBytes()).isEqualTo(100);
    frontier.finish(second);
    frontier.finish(first);
    assertThat(frontier.letterBytes()).isEqualTo(100);
    frontier.committed(2);

    assertThat(frontier.letterBytes()).isZero();
  }

  /** Against a model that remembers every offset. */
  @Property(tries = 500)
  void positionIsTheFirstUnfinishedOffset(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int steps) {
    var random = new Random(seed);
    var frontier = new Frontier(100);
    var unfinished = new ArrayList<Frontier.Slot>();
    var offsets = new ArrayList<Long>();
    long reader = 100;
    long before = 100;
    for (int step = 0; step < steps; step++) {
      switch (random.nextInt(3)) {
        case 0 -> {
          reader += random.nextInt(3);
          unfinished.add(frontier.add(reader, reader, 1, RECEIPT));
          offsets.add(reader);
          reader++;
        }
        case 1 -> {
          if (!unfinished.isEmpty()) {
            int at = random.nextInt(unfinished.size());
            frontier.finish(unfinished.remove(at));
            offsets.remove(at);
          }
        }
        default -> {
          reader += random.nextInt(2);
          frontier.advanceTo(reader);
        }
      }
      long position = frontier.position();
      assertThat(position).isGreaterThanOrEqualTo(before).isLessThanOrEqualTo(reader);
      before = position;
      List<Long> open = offsets.stream().sorted().toList();
      assertThat(frontier.isEmpty()).isEqualTo(open.isEmpty());
      if (!open.isEmpty()) {
        assertThat(position).isLessThanOrEqualTo(open.getFirst());
        assertThat(frontier.oldestUnixMilli()).isEqualTo(open.getFirst());
      }
    }
    frontier.advanceTo(reader);
    unfinished.forEach(frontier::finish);
    frontier.advanceTo(reader);
    assertThat(frontier.position()).isEqualTo(reader);
    frontier.committed(reader);
    assertThat(frontier.windowBytes()).isZero();
  }
}
