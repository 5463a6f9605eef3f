package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Gate;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private final ByteBudget budget = new ByteBudget(10_000);
  private final IntakeMetrics metrics =
      new IntakeMetrics(new SimpleMeterRegistry(), "shop", budget);

  /** An Error that left the request without an answer would also keep its bytes reserved. */
  @Test
  void errorInSplitting_isAnswered_andGivesItsBytesBack() {
    SplitterPool broken =
        new SplitterPool(
            1,
            _ -> {
              throw new LinkageError("a class is missing");
            });
    KafkaPublisher publisher =
        new KafkaPublisher(
            () -> RunningCollector.producer(true),
            RunningCollector.TOPICS,
            Duration.ZERO,
            RunningCollector.MAX_RECORD,
            metrics,
            System::nanoTime);
    Intake intake =
        new Intake(
            RunningCollector.config(),
            new Gate(),
            budget,
            broken,
            publisher,
            metrics,
            InstantSource.system());
    List<Outcome> answers = new ArrayList<>();

    intake.accept(
        new Intake.Request(
            Signal.LOGS,
            new byte[60],
            new Sender(null),
            Objects.requireNonNull(budget.reserve(60))),
        answers::add);

    assertThat(answers)
        .containsExactly(new Outcome.Failed("the collector could not handle the request"));
    assertThat(budget.used()).isZero();
  }
}
