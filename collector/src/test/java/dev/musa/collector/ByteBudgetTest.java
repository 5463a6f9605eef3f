package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.collector.ByteBudget.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
  private static final int OVERHEAD = ByteBudget.OVERHEAD;

  @Test
  void reserve_beyondTheLimit_isNull_andTakesNothing() {
    ByteBudget budget = new ByteBudget(2 * OVERHEAD + 100);

    assertThat(budget.reserve(60)).isNotNull();
    assertThat(budget.reserve(41)).isNull();
    assertThat(budget.used()).isEqualTo(OVERHEAD + 60);
    assertThat(budget.reserve(40)).isNotNull();
    assertThat(budget.used()).isEqualTo(budget.limit());
  }

  @Test
  void resize_toWhatIsNotLeft_isFalse_andHoldsWhatItHeld() {
    ByteBudget budget = new ByteBudget(OVERHEAD + 100);
    Reservation reservation = budget.reserve(10);

    assertThat(reservation.resize(101)).isFalse();
    assertThat(budget.used()).isEqualTo(OVERHEAD + 10);
    assertThat(reservation.resize(100)).isTrue();
    assertThat(reservation.resize(3)).isTrue();
    assertThat(budget.used()).isEqualTo(OVERHEAD + 3);
  }

  @Test
  void growTo_less_keepsWhatIsHeld() {
    ByteBudget budget = new ByteBudget(1 << 20);
    Reservation reservation = budget.reserve(50);

    assertThat(reservation.growTo(20)).isTrue();
    assertThat(budget.used()).isEqualTo(OVERHEAD + 50);
  }

  @Test
  void close_twice_givesBackOnce_andNothingGrowsAfterwards() {
    ByteBudget budget = new ByteBudget(1 << 20);
    Reservation reservation = budget.reserve(50);
    Reservation other = budget.reserve(7);

    reservation.close();
    reservation.close();

    assertThat(reservation.growTo(100)).isFalse();
    assertThat(reservation.resize(1)).isFalse();
    assertThat(budget.used()).isEqualTo(OVERHEAD + 7);
    other.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void manyThreads_neverExceedTheLimit_andLeaveNothing() throws Exception {
    ByteBudget budget = new ByteBudget(20L * OVERHEAD);
    List<Callable<Long>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int seed = i;
      clients.add(() -> highestSeen(budget, new Random(seed)));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(clients.size())) {
      for (Future<Long> highest : threads.invokeAll(clients)) {
        // A take that fails is visible for a moment, at most once for each thread.
        assertThat(highest.get()).isLessThanOrEqualTo(budget.limit() + 8 * 12_000L);
      }
    }
    assertThat(budget.used()).isZero();
  }

  private static long highestSeen(ByteBudget budget, Random random) {
    long highest = 0;
    for (int i = 0; i < 20_000; i++) {
      Reservation reservation = budget.reserve(random.nextInt(4000));
      if (reservation != null) {
        boolean _ = reservation.resize(random.nextInt(8000));
        highest = Math.max(highest, budget.used());
        reservation.close();
      }
    }
    return highest;
  }
}
