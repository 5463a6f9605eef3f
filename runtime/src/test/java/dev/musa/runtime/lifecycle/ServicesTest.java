package dev.musa.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ServicesTest {

  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final RecordingService kafka = new RecordingService("kafka");
  private final RecordingService collector = new RecordingService("collector");
  private final RecordingService sinks = new RecordingService("sinks");
  private final Services services = new Services(List.of(kafka, collector, sinks));

  @Test
  void startsInOrderAndClosesInReverse() {
    services.start();
    services.close();

    assertThat(events)
        .containsExactly(
            "start kafka",
            "start collector",
            "start sinks",
            "close sinks",
            "close collector",
            "close kafka");
  }

  @Test
  void failedStart_closesWhatHasBegunInReverse() {
    StartupException failure = new StartupException("port 4317 is in use");
    collector.startFailure = failure;

    assertThatThrownBy(services::start).isSameAs(failure);

    assertThat(events)
        .containsExactly("start kafka", "start collector", "close collector", "close kafka");
    assertThat(failure).hasNoSuppressedExceptions();

    services.close();
    assertThat(events).hasSize(4);
  }

  @Test
  void failedStart_carriesWhatFailsInClosing() {
    StartupException failure = new StartupException("port 4317 is in use");
    IllegalStateException stuck = new IllegalStateException("stuck");
    collector.startFailure = failure;
    collector.closeFailure = stuck;

    assertThatThrownBy(services::start).isSameAs(failure);

    assertThat(failure).hasSuppressedException(stuck);
    assertThat(events).endsWith("close collector", "close kafka");
  }

  @Test
  void failedClose_holdsUpNoOtherServiceAndIsThrownAtTheEnd() {
    collector.closeFailure = new IllegalStateException("stuck");
    kafka.closeFailure = new AssertionError("broken");
    services.start();
    events.clear();

    assertThatIllegalStateException()
        .isThrownBy(services::close)
        .withMessage("2 services failed to close, see the log")
        .satisfies(e ->
            assertThat(e.getSuppressed())
                .containsExactly(collector.closeFailure, kafka.closeFailure));

    assertThat(events).containsExactly("close sinks", "close collector", "close kafka");
  }

  @Test
  void close_isIdempotentAndMayComeFirst() {
    services.close();
    services.close();

    assertThat(events).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(services::start)
        .withMessage("services are CLOSED (expected: NEW)");
  }

  @Test
  @Timeout(30)
  void close_whileStartingStopsAfterTheServiceBeingStarted() throws Exception {
    CountDownLatch inStart = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    collector.onStart =
        () -> {
          inStart.countDown();
          await(goOn);
        };
    AtomicReference<Throwable> startFailure = new AtomicReference<>();
    Thread starting = Thread.ofVirtual().start(() -> startFailure.set(failureOfStart()));
    await(inStart);

    Thread closing = Thread.ofVirtual().start(services::close);
    while (services.health().detail().contains("not started yet")) {
      Thread.onSpinWait(); // until close() has announced itself
    }
    goOn.countDown();
    starting.join();
    closing.join();

    assertThat(startFailure.get())
        .isInstanceOf(StartupException.class)
        .hasMessage("stopped while starting, before sinks");
    assertThat(events)
        .containsExactly(
            "start kafka", "start collector", "close sinks", "close collector", "close kafka");
  }

  @Test
  void cancelStart_reachesTheServiceBeingStarted() {
    StartupException cancelled = new StartupException("interrupted");
    collector.onStart =
        () -> {
          collector.startFailure = cancelled;
          services.cancelStart();
        };

    assertThatThrownBy(services::start).isSameAs(cancelled);

    assertThat(events)
        .containsExactly(
            "start kafka", "start collector", "cancel collector", "close collector", "close kafka");
  }

  @Test
  void cancelStart_beforeTheStart_letsNothingStart() {
    services.cancelStart();

    assertThatThrownBy(services::start).hasMessage("stopped while starting, before kafka");
  }

  @Test
  void health_isReadyOnceAllAre() {
    assertThat(services.health())
        .isEqualTo(
            Health.notReady(
                "kafka: not started yet\ncollector: not started yet\nsinks: not started yet"));

    List<Health> whileStarting = new ArrayList<>();
    collector.onStart = () -> whileStarting.add(services.health());
    services.start();

    assertThat(whileStarting)
        .containsExactly(
            Health.notReady("kafka: ok\ncollector: not started yet\nsinks: not started yet"));
    assertThat(services.health())
        .isEqualTo(new Health(true, "kafka: ok\ncollector: ok\nsinks: ok"));

    sinks.health = Health.notReady("backend down");
    assertThat(services.health())
        .isEqualTo(Health.notReady("kafka: ok\ncollector: ok\nsinks: backend down"));

    services.close();
    assertThat(services.health())
        .isEqualTo(Health.notReady("kafka: stopping\ncollector: stopping\nsinks: stopping"));
  }

  @Test
  void health_survivesAFailingCheck() {
    kafka.health = null;
    services.start();

    assertThat(services.health().ready()).isFalse();
    assertThat(services.health().detail())
        .startsWith("kafka: health check failed: java.lang.IllegalStateException: no health\n")
        .endsWith("collector: ok\nsinks: ok");
  }

  private @Nullable Throwable failureOfStart() {
    try {
      services.start();
      return null;
    } catch (StartupException e) {
      return e;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private final class RecordingService implements Service {

    private final String name;
    private Runnable onStart = () -> {};
    private @Nullable RuntimeException startFailure;
    private @Nullable Throwable closeFailure;
    private @Nullable Health health = Health.ok();

    RecordingService(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void start() {
      events.add("start " + name);
      onStart.run();
      if (startFailure != null) {
        throw startFailure;
      }
    }

    @Override
    public void cancelStart() {
      events.add("cancel " + name);
    }

    @Override
    public void close() {
      events.add("close " + name);
      if (closeFailure instanceof RuntimeException e) {
        throw e;
      }
      if (closeFailure instanceof Error e) {
        throw e;
      }
    }

    @Override
    public Health health() {
      if (health == null) {
        throw new IllegalStateException("no health");
      }
      return health;
    }
  }
}
