package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TogetherTest {
  private final List<String> events = new CopyOnWriteArrayList<>();

  @Test
  void start_doesNotWaitForOneBeforeTheOther() {
    CountDownLatch both = new CountDownLatch(2);
    Together together =
        new Together(List.of(part("a", () -> meet(both)), part("b", () -> meet(both))));

    together.start();

    assertThat(events).containsExactlyInAnyOrder("a started", "b started");
  }

  @Test
  void start_throwsTheFirstFailureAfterAllHaveEnded() {
    Together together =
        new Together(
            List.of(
                part("a", () -> fail("port in use")),
                part("b", () -> events.add("b ran")),
                part("c", () -> fail("no key"))));

    assertThatThrownBy(together::start)
        .isInstanceOf(StartupException.class)
        .hasMessage("port in use")
        .satisfies(failure ->
            assertThat(failure.getSuppressed())
                .singleElement()
                .satisfies(other -> assertThat(other).hasMessage("no key")));
    assertThat(events).contains("b ran");
  }

  @Test
  void close_isInReverse() {
    new Together(List.of(part("a", () -> {}), part("b", () -> {}))).close();

    assertThat(events).containsExactly("b closed", "a closed");
  }

  @Test
  void health_isReadyIfAllAre() {
    Service ready = part("a", () -> {});
    Service not = new Part("b", () -> {}, Health.notReady("waiting"));

    assertThat(new Together(List.of(ready, not)).health())
        .isEqualTo(Health.notReady("a: ok\nb: waiting"));
    assertThat(new Together(List.of(ready)).health()).isEqualTo(Health.ok("a: ok"));
  }

  private static void meet(CountDownLatch both) {
    both.countDown();
    try {
      if (!both.await(10, TimeUnit.SECONDS)) {
        throw new StartupException("the other one was not started");
      }
    } catch (InterruptedException e) {
      throw new StartupException("interrupted", e);
    }
  }

  private static void fail(String message) {
    throw new StartupException(message);
  }

  private Service part(String name, Runnable start) {
    return new Part(name, start, Health.ok());
  }

  private final class Part implements Service {
    private final String name;
    private final Runnable start;
    private final Health health;

    Part(String name, Runnable start, Health health) {
      this.name = name;
      this.start = start;
      this.health = health;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void start() {
      start.run();
      events.add(name + " started");
    }

    @Override
    public void close() {
      events.add(name + " closed");
    }

    @Override
    public Health health() {
      return health;
    }
  }
}
