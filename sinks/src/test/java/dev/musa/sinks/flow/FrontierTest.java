package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrontierTest {

  @Test
  void stopsAtTheFirstUnfinishedRecord() {
    var frontier = new Frontier(10);
    var first = frontier.add(10, 1, 100);
    var second = frontier.add(11, 2, 100);

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
    var slot = frontier.add(0, 1, 1);

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

    assertThatThrownBy(() -> frontier.add(6, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("offset: 6 (expected: at least 7)");
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
          unfinished.add(frontier.add(reader, reader, 1));
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
