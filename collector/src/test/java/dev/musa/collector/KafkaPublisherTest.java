package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.collector.SplitRequest.Part;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class KafkaPublisherTest {
  private static final RecordHeaders HEADERS = new RecordHeaders("shop", "west", 0, 5, null, null);

  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();
  private boolean broken;
  private final List<Outcome> outcomes = new ArrayList<>();
  private final KafkaPublisher publisher =
      new KafkaPublisher(
          () -> {
            producers.add(broken ? brokenProducer() : RunningCollector.producer(false));
            return producers.getLast();
          },
          RunningCollector.TOPICS,
          Duration.ZERO,
          RunningCollector.MAX_RECORD,
          new IntakeMetrics(new SimpleMeterRegistry(), "shop", new ByteBudget(1)),
          nanos::get);

  private static MockProducer<byte[], byte[]> brokenProducer() {
    return RunningCollector.producer(
        false,
        () -> {
          throw new LinkageError("a class is missing");
        });
  }

  private MockProducer<byte[], byte[]> start() {
    publisher.start();
    publisher.refresh();
    return producers.getLast();
  }

  private static SplitRequest request(int parts) {
    List<Part> list = new ArrayList<>();
    for (int p = 0; p < parts; p++) {
      list.add(new Part(p, new byte[10], 2));
    }
    return new SplitRequest(list, new Rejections(), false);
  }

  private void publish(SplitRequest request) {
    publisher.publish(
        Signal.LOGS,
        request,
        HEADERS,
        failure -> outcomes.add(failure == null ? Outcome.Accepted.ALL : failure));
  }

  @Test
  void partitions_areUnknownUntilKafkaHasTold() {
    assertThat(publisher.partitions(Signal.LOGS)).isZero();
    assertThat(publisher.hindrance()).contains("has not been reached", "musa.traces.raw");
    start();
    assertThat(publisher.partitions(Signal.LOGS)).isEqualTo(RunningCollector.PARTITIONS);
    assertThat(publisher.hindrance()).isNull();
  }

  @Test
  void publish_ofNothing_isDoneAtOnce() {
    start();
    publish(request(0));
    assertThat(outcomes).containsExactly(Outcome.Accepted.ALL);
  }

  @Test
  void failureByExceptionAndByCallback_endsTheRequestOnce() {
    MockProducer<byte[], byte[]> producer = start();
    publish(request(1));
    producer.sendException = new KafkaException("in an error state");
    publish(request(2));
    producer.sendException = null;

    assertThat(outcomes)
        .containsExactly(
            new Outcome.Retryable(
                Reason.KAFKA_ERROR, "Kafka failed to take the records; send again later"));
    producer.completeNext();
    assertThat(outcomes).hasSize(2).endsWith(Outcome.Accepted.ALL);
  }

  @Test
  void producerInAnErrorState_isReplacedAndClosed() {
    MockProducer<byte[], byte[]> first = start();
    first.sendException = new KafkaException("in an error state");
    publish(request(1));

    publisher.refresh();

    assertThat(producers).hasSize(2);
    assertThat(first.closed()).isTrue();
    publish(request(1));
    producers.getLast().completeNext();
    assertThat(outcomes).endsWith(Outcome.Accepted.ALL);
  }

  @Test
  void errorOfTheProducer_endsTheRequest_andAnotherProducerTakesItsPlace() {
    broken = true;
    start();
    publish(request(2));
    assertThat(outcomes)
        .containsExactly(
            new Outcome.Retryable(
                Reason.KAFKA_ERROR, "Kafka failed to take the records; send again later"));

    broken = false;
    publisher.refresh();
    publish(request(1));
    producers.getLast().completeNext();
    assertThat(outcomes).hasSize(2).endsWith(Outcome.Accepted.ALL);
  }

  @Test
  void brokenAnswer_doesNotReachTheProducersThread() {
    MockProducer<byte[], byte[]> producer = start();
    publisher.publish(
        Signal.LOGS,
        request(1),
        HEADERS,
        _ -> {
          throw new LinkageError("a class is missing");
        });

    assertThat(producer.completeNext()).isTrue();

    publish(request(1));
    producer.completeNext();
    assertThat(outcomes).containsExactly(Outcome.Accepted.ALL);
  }

  @Test
  void recordTooLargeAmongOthers_isRejected_butAnotherFailureWins() {
    MockProducer<byte[], byte[]> producer = start();
    SplitRequest request = request(3);
    publish(request);

    producer.errorNext(new RecordTooLargeException("too large"));
    producer.completeNext();
    producer.errorNext(new TimeoutException("late"));

    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Retryable.class);
    assertThat(request.rejections().total()).isEqualTo(2);
  }

  @Test
  void silence_isAHindranceWhileSomethingIsDue_andProgressEndsIt() {
    MockProducer<byte[], byte[]> producer = start();
    nanos.addAndGet(KafkaPublisher.STALLED_AFTER.multipliedBy(10).toNanos());
    assertThat(publisher.hindrance()).as("nothing is due").isNull();

    publish(request(2));
    nanos.addAndGet(KafkaPublisher.STALLED_AFTER.toNanos());
    assertThat(publisher.hindrance()).isNull();
    nanos.addAndGet(1);
    assertThat(publisher.hindrance()).isEqualTo("Kafka has acknowledged nothing for 5 s");

    producer.completeNext();
    assertThat(publisher.hindrance()).isNull();
    nanos.addAndGet(KafkaPublisher.STALLED_AFTER.toNanos() + 1);
    assertThat(publisher.hindrance()).isNotNull();
    producer.errorNext(new TimeoutException("expired"));
    assertThat(publisher.hindrance()).as("nothing is due any more: the next may try").isNull();
  }
}
