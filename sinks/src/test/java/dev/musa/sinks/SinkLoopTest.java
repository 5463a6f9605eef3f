package dev.musa.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.Line;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.flow.DeadLetters;
import dev.musa.sinks.flow.Delivery;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Limits;
import dev.musa.sinks.flow.RequestSize;
import dev.musa.sinks.flow.SinkStatus;
import dev.musa.sinks.testing.Producers;
import dev.musa.sinks.testing.Telemetry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SinkLoopTest {
  private static final TopicPartition PARTITION = new TopicPartition("musa.logs", 0);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final InstantSource clock = InstantSource.system();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final FlowReport report = new FlowReport(registry);
  private final AtomicBoolean wakenInPosition = new AtomicBoolean();
  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>("earliest") {
        @Override
        public synchronized long position(TopicPartition partition) {
          if (wakenInPosition.getAndSet(false)) {
            throw new WakeupException();
          }
          return super.position(partition);
        }
      };
  private final MockProducer<byte[], byte[]> producer = Producers.mock();
  private final CopyOnWriteArrayList<String> stored = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final SinkStatus status =
      new SinkStatus("test", clock, _ -> Duration.ZERO, Thread::sleep);
  private final SinkMeters meters = new SinkMeters(registry, "test", status, clock);

  /** Stores at once; what is named slow, after it is released; what is named broken, never. */
  private final Backend backend =
      new Backend() {
        @Override
        public String orgId(String tenant) {
          return tenant;
        }

        @Override
        public Answer deliver(Signal signal, String orgId, byte[] request)
            throws InterruptedException {
          var ids = Telemetry.ids(signal, request);
          if (ids.contains("slow")) {
            release.await();
          }
          if (ids.contains("broken")) {
            throw new AssertionError("broken");
          }
          if (ids.contains("guilty")) {
            return new Answer.Bisect(false, "400", "bad item");
          }
          stored.addAll(ids);
          return Answer.DELIVERED;
        }

        @Override
        public void close() {}
      };

  private SinkLoop loop() {
    var limits = new Limits(1, Duration.ZERO, 4, 8, 1 << 20, 1 << 20);
    var delivery =
        new Delivery(
            backend,
            new DeadLetters("musa.deadletter", "test"),
            status,
            new RequestSize(1 << 20),
            _ -> Duration.ZERO,
            _ -> {},
            meters);
    var flow = new Flow(limits, () -> 1, UnaryOperator.identity());
    return new SinkLoop(
        consumer,
        Map.of("musa.logs", Signal.LOGS),
        new Addressee("test", Set.of()),
        flow,
        new Commits(consumer, producer, Producers.LEDGER, "test", flow, clock),
        delivery,
        new FlowCounters(registry, "sink:test"),
        meters,
        clock,
        () -> status.stopped() != null);
  }

  @BeforeEach
  void assignOnceSubscribed() {
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.schedulePollTask(() -> consumer.rebalance(List.of(PARTITION)));
  }

  private void add(long offset, String... ids) {
    consumer.schedulePollTask(
        () -> consumer.addRecord(Telemetry.record(Signal.LOGS, 0, offset, "a", List.of(ids))));
  }

  private long committed() {
    long offset = -1;
    for (var commit : producer.consumerGroupOffsetsHistory()) {
      for (var offsets : commit.values()) {
        offset = Math.max(offset, offsets.get(PARTITION).offset());
      }
    }
    return offset;
  }

  private List<Entry> ledger() {
    return producer.history().stream()
        .filter(record -> record.topic().equals(Producers.LEDGER))
        .map(record -> LedgerCodec.readEntry(record.value()))
        .toList();
  }

  private BooleanSupplier whenCommitted(long offset) {
    return () -> committed() >= offset;
  }

  @Test
  void commitsWhatIsDelivered_andCountsIt() {
    add(0, "1", "2");
    add(1, "3");

    loop().run(whenCommitted(2), DRAIN);

    assertThat(stored).containsExactlyInAnyOrder("1", "2", "3");
    assertThat(committed()).isEqualTo(2);
    assertThat(report.items("sink:", "logs", "delivered")).isEqualTo(3);
    assertThat(meters.oldestPendingUnixMilli()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void commit_carriesTheDeadLettersAndTheLedger() {
    add(0, "1", "guilty", "2");
    add(1, "3");

    loop().run(whenCommitted(2), DRAIN);

    assertThat(producer.history())
        .filteredOn(record -> record.topic().equals("musa.deadletter"))
        .singleElement()
        .satisfies(letter ->
            assertThat(Telemetry.ids(Signal.LOGS, letter.value())).containsExactly("guilty"));
    var totals = new AccountTotals(ledger().getFirst().account());
    ledger().forEach(entry -> totals.add(entry, 0));
    assertThat(totals.account()).isEqualTo(new Account("sink:test", Signal.LOGS, "musa.logs", 0));
    assertThat(totals.taken()).extracting(Line::items).containsExactly(4L);
    assertThat(totals.outcomes())
        .extracting(Line::outcome, Line::items)
        .containsExactlyInAnyOrder(tuple("delivered", 3L), tuple("deadlettered", 1L));
    assertThat(totals.toOffset()).isEqualTo(2);
    assertThat(totals.records()).isEqualTo(2);
  }

  @Test
  void refusedCommit_isMadeAgain_withTheSame() {
    var refusals = new AtomicInteger(2);
    producer.sendOffsetsToTransactionException = new CommitFailedException("rebalance");
    add(0, "1", "guilty");

    loop()
        .run(
            () -> {
              if (stored.contains("1") && refusals.decrementAndGet() == 0) {
                producer.sendOffsetsToTransactionException = null;
              }
              return committed() == 1;
            },
            DRAIN);

    assertThat(ledger()).singleElement().extracting(Entry::records).isEqualTo(1L);
    assertThat(producer.history()).hasSize(2);
  }

  @Test
  void fencedProducer_endsTheLoop() {
    producer.commitTransactionException = new ProducerFencedException("a rival");
    add(0, "1");

    assertThatThrownBy(() -> loop().run(() -> false, DRAIN))
        .isInstanceOf(ProducerFencedException.class);
  }

  /** As when a batch of another partition ends while the group gets a new one. */
  @Test
  void wakeupWhileAPartitionIsAssigned_doesNotLoseThePartition() {
    wakenInPosition.set(true);
    add(0, "1");

    loop().run(whenCommitted(1), DRAIN);

    assertThat(wakenInPosition).isFalse();
    assertThat(stored).containsExactly("1");
  }

  @Test
  void unfinishedRecord_holdsTheCommitBack_andIsGivenUpAtTheEnd() {
    add(0, "slow");
    add(1, "quick");

    loop().run(() -> stored.contains("quick"), Duration.ZERO);

    assertThat(stored).containsExactly("quick");
    assertThat(committed()).isLessThanOrEqualTo(0);
    assertThat(meters.oldestPendingUnixMilli()).isEqualTo(Telemetry.NOW_MILLI);
  }

  @Test
  void closing_drainsWhatIsUnderWay() {
    add(0, "slow");
    add(1, "quick");

    loop()
        .run(
            () -> {
              if (stored.contains("quick")) {
                release.countDown();
                return true;
              }
              return false;
            },
            DRAIN);

    assertThat(stored).containsExactlyInAnyOrder("slow", "quick");
    assertThat(committed()).isEqualTo(2);
  }

  @Test
  void lostPartition_isNotCommitted_andDeliveredAgainByItsNextOwner() {
    add(0, "slow");
    add(1, "quick");
    var loop = loop();
    var again = new boolean[1];

    loop.run(
        () -> {
          if (stored.contains("quick") && !again[0]) {
            again[0] = true;
            assertThat(committed()).isLessThanOrEqualTo(0);
            loop.onPartitionsLost(List.of(PARTITION));
            consumer.seek(PARTITION, 0);
            loop.onPartitionsAssigned(List.of(PARTITION));
            release.countDown();
            consumer.addRecord(Telemetry.record(Signal.LOGS, 0, 0, "a", List.of("slow")));
            consumer.addRecord(Telemetry.record(Signal.LOGS, 0, 1, "a", List.of("quick")));
          }
          return committed() == 2;
        },
        DRAIN);

    assertThat(stored).contains("slow").filteredOn("quick"::equals).hasSize(2);
  }

  @Test
  void revokedPartition_isCommittedAsFarAsItIsFinished() {
    add(0, "1");
    add(1, "slow");
    var loop = loop();

    loop.run(
        () -> {
          if (!stored.contains("1")) {
            return false;
          }
          loop.onPartitionsRevoked(List.of(PARTITION));
          return true;
        },
        Duration.ZERO);

    assertThat(committed()).isEqualTo(1);
    assertThat(stored).containsExactly("1");
  }

  @Test
  void expiredRecords_areCounted_andSkipped() {
    consumer.schedulePollTask(() -> {
      consumer.updateBeginningOffsets(Map.of(PARTITION, 7L));
      consumer.updateEndOffsets(Map.of(PARTITION, 8L));
      consumer.setPollException(new OffsetOutOfRangeException(Map.of(PARTITION, 0L)));
    });
    add(7, "left");

    loop().run(whenCommitted(8), DRAIN);

    assertThat(stored).containsExactly("left");
    assertThat(report.items("sink:", "logs", "expired")).isEqualTo(7);
  }

  @Test
  void brokenDelivery_endsTheLoop_andCommitsNothingOfIt() {
    add(0, "1");
    add(1, "broken");

    assertThatThrownBy(() -> loop().run(() -> false, DRAIN))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("broken");
    assertThat(committed()).isLessThanOrEqualTo(1);
  }

  @Test
  void manyRecords_areDeliveredUnderBackPressure() {
    for (int i = 0; i < 300; i++) {
      add(i, i + "x".repeat(20_000));
    }

    loop().run(whenCommitted(300), DRAIN);

    assertThat(stored).hasSize(300);
    assertThat(consumer.paused()).isEmpty();
  }
}
