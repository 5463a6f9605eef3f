package dev.musa.sinks.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Line;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.testing.DeliveryHarness;
import dev.musa.sinks.testing.Telemetry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class DeliveryTest {
  private static final Answer.Retry RETRY = new Answer.Retry(Duration.ZERO, "503", "busy");

  private final ArrayDeque<Answer> script = new ArrayDeque<>();
  private final List<List<String>> requests = new ArrayList<>();
  private Function<List<String>, Answer> otherwise = _ -> Answer.DELIVERED;

  private final Backend backend =
      new Backend() {
        @Override
        public String orgId(String tenant) {
          return "";
        }

        @Override
        public Answer deliver(Signal signal, String orgId, byte[] request) {
          var ids = Telemetry.ids(signal, request);
          requests.add(ids);
          var next = script.poll();
          return next == null ? otherwise.apply(ids) : next;
        }

        @Override
        public void close() {}
      };

  private static List<String> ids(int n) {
    return IntStream.range(0, n).mapToObj(i -> "item-" + i).toList();
  }

  private static Function<List<String>, Answer> refusing(String guilty) {
    return ids ->
        ids.contains(guilty) ? new Answer.Bisect(false, "400", "bad item") : Answer.DELIVERED;
  }

  @Test
  void deliversRecordsAsOneRequest() throws InterruptedException {
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(List.of("1", "2"), List.of("3")));

    assertThat(requests).containsExactly(List.of("1", "2", "3"));
    assertThat(tally.lines()).hasSize(1);
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(3);
  }

  @Test
  void retriesForAsLongAsTheAnswerMayPass_andWaitsAtLeastAsLongAsAsked()
      throws InterruptedException {
    for (int i = 0; i < 50; i++) {
      script.add(RETRY);
    }
    script.add(new Answer.Retry(Duration.ofSeconds(7), "429", "slow down"));
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(List.of("1")));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(1);
    assertThat(requests).hasSize(52);
    assertThat(harness.pauses().getLast()).isBetween(Duration.ofSeconds(7), Duration.ofSeconds(14));
    assertThat(harness.status().retrying()).isNull();
  }

  @Test
  void bisectsToTheGuiltyItem_deadLettersIt_deliversTheRest() throws InterruptedException {
    otherwise = refusing("item-37");
    var harness = new DeliveryHarness(Signal.TRACES, backend);
    var all = ids(100);

    var tally = harness.deliver("a", List.of(all.subList(0, 30), all.subList(30, 100)));

    assertThat(harness.deadLetters()).containsExactly("item-37");
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(99);
    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
    var delivered = requests.stream().filter(r -> !r.contains("item-37")).flatMap(List::stream);
    var expected = new ArrayList<>(all);
    expected.remove("item-37");
    assertThat(delivered).containsExactlyElementsOf(expected);
    // One whole, then two requests per halving of records and of 70 items.
    assertThat(requests).hasSizeLessThanOrEqualTo(1 + 2 + 2 * 7);
    var letter = harness.letters().getFirst();
    var why = DeadLetterHeaders.read(letter.headers());
    assertThat(why.origin()).isEqualTo(new DeadLetterHeaders.Origin("musa.traces", 0, 1));
    assertThat(why.stage()).isEqualTo("sink");
    assertThat(why.reason()).isEqualTo("refused");
    assertThat(why.sink()).isEqualTo("test");
    assertThat(why.status()).isEqualTo("400");
    assertThat(why.message()).isEqualTo("bad item");
    assertThat(RecordHeaders.read(letter.headers()).items()).isEqualTo(1);
    assertThat(RecordHeaders.read(letter.headers()).tenant()).isEqualTo("a");
  }

  @Test
  void everythingGuilty_endsWithinTheBound() throws InterruptedException {
    otherwise = _ -> new Answer.Bisect(false, "400", "bad");
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(ids(5_000)));

    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(5_000);
    assertThat(harness.deadLetters()).containsExactlyElementsOf(ids(5_000));
    // 16 guilty items times (13 halvings + 1) divisions, two requests each, and the whole.
    assertThat(requests).hasSizeLessThanOrEqualTo(1 + 2 * 16 * 14);
  }

  @Test
  void tooLarge_isSplitInOrder_andLowersTheTarget() throws InterruptedException {
    otherwise =
        ids ->
            ids.size() > 10 ? new Answer.Split(false, "503", "larger than max") : Answer.DELIVERED;
    var harness = new DeliveryHarness(Signal.METRICS, backend, 200_000);
    var padded = ids(64).stream().map(id -> id + "x".repeat(2_000)).toList();

    var tally = harness.deliver("a", List.of(padded));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(64);
    assertThat(requests.stream().filter(r -> r.size() <= 10).flatMap(List::stream))
        .containsExactlyElementsOf(padded);
    assertThat(harness.size().target()).isLessThan(200_000);
  }

  @Test
  void oneItemTooLarge_isDeadLettered() throws InterruptedException {
    otherwise = _ -> new Answer.Split(false, "413", "too large");
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(List.of("big")));

    assertThat(harness.deadLetters()).containsExactly("big");
    assertThat(tally.lines())
        .extracting(Line::outcome, Line::reason)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("deadlettered", "too_large"));
  }

  @Test
  void throttledSmallRequest_waitsInsteadOfBeingSplit() throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      script.add(new Answer.Split(true, "429", "over the burst"));
    }
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(ids(4)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(4);
    assertThat(harness.divisions()).isZero();
  }

  @Test
  void requestsAboveTheTarget_areDividedBeforeTheyAreSent() throws InterruptedException {
    var harness = new DeliveryHarness(Signal.LOGS, backend, 500);

    harness.deliver("a", List.of(ids(100)));

    assertThat(requests.size()).isGreaterThan(4);
    assertThat(requests.stream().flatMap(List::stream)).containsExactlyElementsOf(ids(100));
  }

  @Test
  void doubtfulAnswer_thatPasses_isAResendOnly() throws InterruptedException {
    script.add(new Answer.Doubtful("500", "oops"));
    script.add(new Answer.Doubtful("500", "oops"));
    var harness = new DeliveryHarness(Signal.METRICS, backend);

    var tally = harness.deliver("a", List.of(ids(4)));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(4);
    assertThat(requests).hasSize(3);
  }

  @Test
  void doubtfulAnswer_thatStays_isBisected() throws InterruptedException {
    otherwise =
        ids -> ids.contains("item-3") ? new Answer.Doubtful("500", "delta") : Answer.DELIVERED;
    var harness = new DeliveryHarness(Signal.METRICS, backend);

    var tally = harness.deliver("a", List.of(ids(8)));

    assertThat(harness.deadLetters()).containsExactly("item-3");
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(7);
  }

  /** A server that is down for a while must not turn its traffic into dead letters. */
  @Test
  void doubtfulAnswerToEverything_isTriedLonger() throws InterruptedException {
    for (int i = 0; i < 12; i++) {
      script.add(new Answer.Doubtful("500", "down"));
    }
    var harness = new DeliveryHarness(Signal.METRICS, backend);

    var tally = harness.deliver("a", List.of(List.of("1", "2")));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(2);
    assertThat(harness.deadLetters()).isEmpty();
  }

  @Test
  void olderThanStored_firstSend_isADeadLetter() throws InterruptedException {
    otherwise = _ -> new Answer.Bisect(true, "400", "out of order sample");
    var harness = new DeliveryHarness(Signal.METRICS, backend);

    var tally = harness.deliver("a", List.of(List.of("1")));

    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
  }

  @Test
  void olderThanStored_afterARestart_isUncertain() throws InterruptedException {
    otherwise = _ -> new Answer.Bisect(true, "400", "out of order sample");
    var harness = new DeliveryHarness(Signal.METRICS, backend).afterARestart();

    var tally = harness.deliver("a", List.of(List.of("1")));

    assertThat(tally.items(Tally.UNCERTAIN)).isEqualTo(1);
    assertThat(harness.letters()).isEmpty();
  }

  @Test
  void olderThanStored_afterAnUnansweredSend_isUncertain() throws InterruptedException {
    script.add(RETRY);
    otherwise = _ -> new Answer.Bisect(true, "400", "duplicate sample for timestamp");
    var harness = new DeliveryHarness(Signal.METRICS, backend);

    var tally = harness.deliver("a", List.of(List.of("1")));

    assertThat(tally.items(Tally.UNCERTAIN)).isEqualTo(1);
  }

  @Test
  void misconfiguredBackend_stopsTheSink_thenProbesUntilItIsMended() throws InterruptedException {
    for (int i = 0; i < 5; i++) {
      script.add(new Answer.Misconfigured("401", "no org id"));
    }
    var stoppedWith = new ArrayList<String>();
    var harness = new DeliveryHarness[1];
    otherwise =
        _ -> {
          stoppedWith.add(harness[0].status().stopped());
          return Answer.DELIVERED;
        };
    harness[0] = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness[0].deliver("a", List.of(List.of("1")));

    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(1);
    assertThat(stoppedWith).containsExactly("401: no org id");
    assertThat(harness[0].status().stopped()).isNull();
    assertThat(harness[0].pauses()).hasSize(5).containsOnly(Duration.ofSeconds(5));
  }

  @Test
  void partialSuccess_isCountedAndNeverSentAgain() throws InterruptedException {
    script.add(new Answer.Delivered(2, "two were bad"));
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(requests).hasSize(1);
    assertThat(tally.items(Tally.DELIVERED)).isEqualTo(3);
    assertThat(tally.items(Tally.DROPPED)).isEqualTo(2);
    assertThat(harness.letters()).isEmpty();
  }

  @Test
  void successThatMeansDropped_isCountedAsDropped() throws InterruptedException {
    script.add(new Answer.DroppedByBackend("260", "ingestion blocked"));
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally = harness.deliver("a", List.of(ids(5)));

    assertThat(tally.items(Tally.DROPPED)).isEqualTo(5);
    assertThat(requests).hasSize(1);
  }

  @Test
  void recordWithoutHeaders_isDeadLetteredAsItCame() throws InterruptedException {
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally =
        harness.deliver(
            List.of(new ConsumerRecord<>("musa.logs", 0, 5, new byte[] {7}, new byte[] {1, 2})));

    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(1);
    var letter = harness.letters().getFirst();
    assertThat(letter.key()).containsExactly(7);
    assertThat(letter.value()).containsExactly(1, 2);
    assertThat(DeadLetterHeaders.read(letter.headers()).reason()).isEqualTo("bad_headers");
  }

  @Test
  void malformedRecord_isDeadLetteredWhole_andItsNeighboursAreDelivered()
      throws InterruptedException {
    var garbage = new byte[] {10, 2, 10, 5};
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    records.add(Telemetry.record(Signal.LOGS, 0, 0, "a", List.of("1", "2")));
    records.add(Telemetry.record("musa.logs", 0, 1, "a", 3, garbage));
    records.add(Telemetry.record(Signal.LOGS, 0, 2, "a", List.of("3")));
    var parsing = new ParsingBackend();
    var harness = new DeliveryHarness(Signal.LOGS, parsing);

    var tally = harness.deliver(records);

    assertThat(parsing.stored).containsExactly("1", "2", "3");
    assertThat(tally.items(Tally.DEAD_LETTERED)).isEqualTo(3);
    assertThat(harness.letters()).hasSize(1);
    assertThat(harness.letters().getFirst().value()).isEqualTo(garbage);
  }

  @Test
  void tenantsOfOneRequest_areCountedApart() throws InterruptedException {
    otherwise = refusing("b-2");
    var harness = new DeliveryHarness(Signal.LOGS, backend);

    var tally =
        harness.deliver(
            List.of(
                Telemetry.record(Signal.LOGS, 0, 0, "a", List.of("a-1")),
                Telemetry.record(Signal.LOGS, 0, 1, "b", List.of("b-1", "b-2"))));

    assertThat(requests.getFirst()).containsExactly("a-1", "b-1", "b-2");
    assertThat(tally.lines())
        .extracting(Line::tenant, Line::outcome, Line::items)
        .containsExactlyInAnyOrder(
            tuple("a", Tally.DELIVERED, 1L),
            tuple("b", Tally.DELIVERED, 1L),
            tuple("b", Tally.DEAD_LETTERED, 1L));
    assertThat(RecordHeaders.read(harness.letters().getFirst().headers()).tenant()).isEqualTo("b");
  }

  @Test
  void whoHasManyGuiltyItems_takesNobodyElsesWithThem() throws InterruptedException {
    otherwise =
        ids ->
            ids.stream().anyMatch(id -> id.startsWith("bad"))
                ? new Answer.Bisect(false, "400", "bad item")
                : Answer.DELIVERED;
    var harness = new DeliveryHarness(Signal.LOGS, backend);
    var records = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    for (int i = 0; i < 400; i++) {
      records.add(Telemetry.record(Signal.LOGS, 0, 2L * i, "a", List.of("bad-" + i)));
      records.add(Telemetry.record(Signal.LOGS, 0, 2L * i + 1, "b", List.of("good-" + i)));
    }

    var tally = harness.deliver(records);

    assertThat(tally.lines())
        .extracting(Line::tenant, Line::outcome, Line::items)
        .containsExactlyInAnyOrder(
            tuple("a", Tally.DEAD_LETTERED, 400L), tuple("b", Tally.DELIVERED, 400L));
    assertThat(requests).hasSizeLessThan(800);
  }

  /** Refuses what it cannot parse, as every backend does. */
  private static final class ParsingBackend implements Backend {
    private final List<String> stored = new ArrayList<>();

    @Override
    public String orgId(String tenant) {
      return "";
    }

    @Override
    public Answer deliver(Signal signal, String orgId, byte[] request) {
      try {
        stored.addAll(Telemetry.ids(signal, request));
        return Answer.DELIVERED;
      } catch (IllegalArgumentException e) {
        return new Answer.Bisect(false, "400", e.getMessage());
      }
    }

    @Override
    public void close() {}
  }
}
