package dev.musa.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Limits;
import dev.musa.sinks.flow.SinkStatus;
import dev.musa.sinks.testing.Producers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SinkRunnerTest {
  private final SinkStatus status =
      new SinkStatus("test", InstantSource.system(), _ -> Duration.ZERO, _ -> {});
  private final AtomicInteger initialised = new AtomicInteger();
  private final AtomicInteger made = new AtomicInteger();
  private final CountDownLatch third = new CountDownLatch(3);

  private SinkRunner runner(Runnable initialise) {
    return new SinkRunner(
        "test",
        initialise,
        this::consumer,
        SinkRunnerTest::loop,
        status,
        new Backoff(Duration.ofNanos(1), Duration.ofMillis(1), new Random()),
        Duration.ZERO);
  }

  private Consumer<byte[], byte[]> consumer() {
    made.incrementAndGet();
    third.countDown();
    var consumer = new MockConsumer<byte[], byte[]>("none");
    if (made.get() < 3) {
      consumer.setPollException(new KafkaException("broken"));
    }
    return consumer;
  }

  private static SinkLoop loop(Consumer<byte[], byte[]> consumer) {
    var limits = new Limits(1, Duration.ZERO, 1, 1, 1, 1);
    var flow = new Flow(limits, () -> 1, UnaryOperator.identity());
    var clock = InstantSource.system();
    return new SinkLoop(
        consumer,
        Map.of("musa.logs", Signal.LOGS),
        new Addressee("test", Set.of()),
        flow,
        new Commits(consumer, Producers.mock(), Producers.LEDGER, "test", flow, clock),
        null,
        null,
        new NoProgress(),
        clock,
        () -> false);
  }

  private static final class NoProgress implements SinkLoop.Progress {
    @Override
    public void update(long oldestPendingUnixMilli, int inFlight, long heldBytes) {}

    @Override
    public void assigned(int partitions) {}
  }

  @Test
  void failedConsumer_isReplaced_afterItsOffsetsWereInitialisedAgain() throws Exception {
    try (var runner = runner(initialised::incrementAndGet)) {
      runner.start();

      assertThat(third.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(initialised).hasValue(3);
    }
  }

  @Test
  void start_failsIfKafkaCannotBeReached() {
    var runner =
        runner(() -> {
          throw new StartupException("Kafka at 127.0.0.1:1 cannot be reached");
        });

    assertThatThrownBy(runner::start).isInstanceOf(StartupException.class);
    runner.close();
    assertThat(made).hasValue(0);
  }

  @Test
  void close_beforeStart_doesNothing() {
    var runner = runner(initialised::incrementAndGet);

    runner.close();
    runner.close();

    assertThat(initialised).hasValue(0);
  }
}
