package dev.musa.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.schemas.Signal;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.flow.DeadLetters;
import dev.musa.sinks.flow.Delivery;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Limits;
import dev.musa.sinks.flow.RequestSize;
import dev.musa.sinks.flow.SinkStatus;
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
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
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
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final CopyOnWriteArrayList<String> stored = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private final SinkStatus status =
      new SinkStatus("test", clock, _ -> Duration.ZERO, Thread::sleep);
  private final SinkMeters meters = new SinkMeters(registry, "test", status, clock);

  /** Stores at once; what is named slow, after it is released; what is named broken, never. */
  private final Backend backend =
      new Backend() {
        @Override
        public Answer deliver(Signal signal, String tenant, byte[] request)
            throws InterruptedException {
          var ids = Telemetry.ids(signal, request);
          if (ids.contains("slow")) {
            release.await();
          }
          if (ids.contains("broken")) {
            throw new AssertionError("broken");
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
            new DeadLetters(producer, "musa.deadletter", "test", _ -> Duration.ZERO, _ -> {}),
            status,
            new RequestSize(1 << 20),
            _ -> Duration.ZERO,
            _ -> {},
            meters);
    return new SinkLoop(
        consumer,
        Map.of("musa.logs", Signal.LOGS),
        new Flow(limits, () -> 1),
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
    var offset = consumer.committed(Set.of(PARTITION)).get(PARTITION);
    return offset == null ? -1 : offset.offset();
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
