package dev.musa.processors.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TokenBucketsTest {
  private static final long HOUR = 3_600_000;

  private final AtomicInteger forgotten = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final UnitOfWork work = work();

  @Test
  void take_fullBucket_givesTheBurstAndThenTheRate() {
    TokenBuckets limit = limit(600, 60_000, 3, 10);

    assertThat(takes(limit, "a", 0, 5)).isEqualTo(3);
    assertThat(takes(limit, "a", 99, 1)).isZero();
    assertThat(takes(limit, "a", 100, 2)).isEqualTo(1);
    assertThat(takes(limit, "a", 100 + HOUR, 10)).isEqualTo(3);
  }

  @Test
  void take_timeRunsBack_neitherRefillsNorTakesAway() {
    TokenBuckets limit = limit(1, 1000, 2, 10);

    assertThat(takes(limit, "a", 10_000, 2)).isEqualTo(2);
    assertThat(takes(limit, "a", 5_000, 1)).isZero();
    assertThat(takes(limit, "a", 10_999, 1)).isZero();
    assertThat(takes(limit, "a", 11_000, 2)).isEqualTo(1);
  }

  @Test
  void take_clockSetBackByAnHour_goesByItAfterAMinute() {
    TokenBuckets limit = limit(1, 1000, 2, 10);
    takes(limit, "a", HOUR, 2);
    work.committed();

    int given = 0;
    for (int second = 0; second < 120; second++) {
      nanos.set(second * 1_000_000_000L);
      given += takes(limit, "a", second * 1000L, 5);
      work.committed();
    }

    assertThat(given).isBetween(55, 60);
  }

  @Test
  void take_oneSourceLagsForLong_getsNoMoreThanTheLimit() {
    TokenBuckets limit = limit(1, 1000, 2, 10);

    int given = 0;
    for (int second = 0; second < 600; second++) {
      nanos.set(second * 1_000_000_000L);
      given += takes(limit, "a", HOUR + second * 1000L, 1);
      given += takes(limit, "a", second * 1000L, 5);
      work.committed();
    }

    assertThat(given).isEqualTo(601);
  }

  @Test
  void take_keysThatDifferInTheirLastByte_haveTheirOwnBuckets() {
    TokenBuckets limit = limit(1, 1000, 1, 10);

    assertThat(takes(limit, "key1", 0, 2)).isEqualTo(1);
    assertThat(takes(limit, "key2", 0, 2)).isEqualTo(1);
    assertThat(takes(limit, "key", 0, 2)).isEqualTo(1);
  }

  @Test
  void take_manyKeys_givesEachItsBurstAndForgetsNone() {
    TokenBuckets limit = limit(1, HOUR, 2, 100_000);

    for (int key = 0; key < 50_000; key++) {
      assertThat(takes(limit, "key" + key, 0, 3)).isEqualTo(2);
    }
    for (int key = 0; key < 50_000; key++) {
      assertThat(takes(limit, "key" + key, 0, 1)).isZero();
    }
    assertThat(limit.keys()).isEqualTo(50_000);
    assertThat(forgotten).hasValue(0);
  }

  @Test
  void take_moreKeysThanAllowed_forgetsFullBucketsWithoutLoss() {
    TokenBuckets limit = limit(1, 1000, 1, 3);
    takes(limit, "a", 0, 1);
    takes(limit, "b", 0, 1);
    takes(limit, "c", 999, 1);

    takes(limit, "d", 1_000, 1);

    assertThat(limit.keys()).isEqualTo(3);
    assertThat(forgotten).hasValue(0);
    assertThat(takes(limit, "c", 1_000, 1)).isZero();
  }

  @Test
  void take_moreKeysThanAllowedAndNoneFull_givesOneBurstTooMuchAndCountsIt() {
    TokenBuckets limit = limit(1, HOUR, 4, 2);
    takes(limit, "empty", 0, 4);
    takes(limit, "nearlyFull", 0, 1);

    takes(limit, "new", 0, 4);

    assertThat(forgotten).hasValue(1);
    assertThat(takes(limit, "empty", 0, 1)).isZero();
    assertThat(takes(limit, "nearlyFull", 0, 10)).isEqualTo(4);
  }

  @Property(tries = 300)
  void forgetting_neverGivesMoreThanOneBurstPerForgottenKey(
      @ForAll @IntRange(min = 1, max = 4) int mostKeys, @ForAll("keys") List<String> keys) {
    TokenBuckets limit = limit(1, HOUR, 2, mostKeys);
    forgotten.set(0);

    int given = keys.stream().mapToInt(key -> takes(limit, key, 0, 1)).sum();

    long distinct = keys.stream().distinct().count();
    assertThat(limit.keys()).isLessThanOrEqualTo(mostKeys);
    assertThat(given).isLessThanOrEqualTo((int) (2 * (distinct + forgotten.get())));
  }

  @Provide
  Arbitrary<List<String>> keys() {
    return Arbitraries.of("a", "b", "c", "d", "e", "f").list().ofMaxSize(60);
  }

  @Test
  void take_severalThreads_givesExactlyTheBurst() throws Exception {
    TokenBuckets limit = limit(1, HOUR, 5_000, 10);
    List<Callable<Integer>> takers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      UnitOfWork own = work();
      takers.add(() -> {
        int taken = 0;
        for (int j = 0; j < 3_000; j++) {
          taken += limit.take(bytes("a"), 1, j % 7, own) ? 1 : 0;
          if (j % 500 == 0) {
            own.committed();
          }
        }
        return taken;
      });
    }
    int given = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> taken : threads.invokeAll(takers)) {
        given += taken.get();
      }
    }
    assertThat(given).isEqualTo(5_000);
  }

  @Test
  void aborted_givesBackWhatItTookAndNoMore() {
    TokenBuckets limit = limit(1, 1000, 10, 10);
    UnitOfWork other = work();
    assertThat(limit.take(bytes("a"), 1, 0, work)).isTrue();
    work.committed();

    // Five tokens of a transaction that aborts, refilled in between, five of one that holds.
    assertThat(takes(limit, "a", 1_000, 5)).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(limit.take(bytes("a"), 1, 6_000, other)).isTrue();
    }
    other.committed();
    work.aborted();

    // Without the aborted five the bucket had been full at 6,000, so five are left.
    assertThat(takes(limit, "a", 6_000, 10)).isEqualTo(5);
  }

  @Test
  void inDoubt_keepsWhatItTook() {
    TokenBuckets limit = limit(1, HOUR, 3, 10);
    takes(limit, "a", 0, 2);

    work.inDoubt();

    assertThat(takes(limit, "a", 0, 3)).isEqualTo(1);
  }

  @Property(tries = 2_000)
  void anyHistory_isThatOfTheNaiveLimit(
      @ForAll @IntRange(min = 1, max = 20) int items,
      @ForAll @IntRange(min = 1, max = 50) int perMillis,
      @ForAll @IntRange(min = 1, max = 8) int burst,
      @ForAll("histories") List<Event> history) {
    TokenBuckets limit = limit(items, perMillis, burst, 100);
    NaiveLimit naive = new NaiveLimit(items, perMillis, burst);
    List<UnitOfWork> works = List.of(work(), work(), work());
    int[] transaction = {0, 100, 200};
    for (Event event : history) {
      int who = event.who;
      switch (event.what) {
        case TAKE ->
            assertThat(limit.take(bytes(event.key), 1, event.time, works.get(who)))
                .as("%s in %s", event, history)
                .isEqualTo(naive.take(event.key, event.time, transaction[who]));
        case COMMIT -> {
          works.get(who).committed();
          transaction[who]++;
        }
        case ABORT -> {
          works.get(who).aborted();
          naive.abort(transaction[who]);
          transaction[who]++;
        }
      }
    }
  }

  @Provide
  Arbitrary<List<Event>> histories() {
    Arbitrary<What> what =
        Arbitraries.frequency(
            Tuple.of(10, What.TAKE), Tuple.of(1, What.COMMIT), Tuple.of(1, What.ABORT));
    return Combinators.combine(
            what,
            Arbitraries.of("a", "b"),
            Arbitraries.integers().between(-10, 30),
            Arbitraries.integers().between(0, 2))
        .as(Event::new)
        .list()
        .ofMaxSize(80)
        .map(TokenBucketsTest::runningClock);
  }

  /** Times as steps, some of them back, from a common clock. */
  private static List<Event> runningClock(List<Event> steps) {
    List<Event> events = new ArrayList<>();
    long time = 1_000;
    for (Event step : steps) {
      time += step.time;
      events.add(new Event(step.what, step.key, time, step.who));
    }
    return events;
  }

  enum What {
    TAKE,
    COMMIT,
    ABORT
  }

  record Event(What what, String key, long time, int who) {}

  private TokenBuckets limit(long items, long perMillis, long burst, int mostKeys) {
    return new TokenBuckets(
        new Rate(items, perMillis, burst), mostKeys, forgotten::incrementAndGet, nanos::get);
  }

  private int takes(TokenBuckets limit, String key, long time, int times) {
    int given = 0;
    for (int i = 0; i < times; i++) {
      given += limit.take(bytes(key), key.length(), time, work) ? 1 : 0;
    }
    return given;
  }

  private static UnitOfWork work() {
    return new UnitOfWork(UnitOfWork.CountSink.NONE);
  }

  private static byte[] bytes(String key) {
    return key.getBytes(UTF_8);
  }
}
