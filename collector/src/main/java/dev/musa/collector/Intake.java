package dev.musa.collector;

import dev.musa.collector.ByteBudget.Reservation;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.wire.MalformedOtlpException;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The path of a request, whatever the protocol: admit, read (the protocol's part), validate and
 * split by partition, publish, and answer when Kafka has acknowledged every part.
 */
final class Intake {
  private static final Logger log = LoggerFactory.getLogger(Intake.class);

  private final CollectorConfig config;
  private final Gate gate;
  private final ByteBudget budget;
  private final SplitterPool splitters;
  private final KafkaPublisher publisher;
  private final IntakeMetrics metrics;
  private final InstantSource clock;
  private volatile boolean stopping;
  private volatile @Nullable BiConsumer<Signal, byte[]> copies;

  Intake(
      CollectorConfig config,
      Gate gate,
      ByteBudget budget,
      SplitterPool splitters,
      KafkaPublisher publisher,
      IntakeMetrics metrics,
      InstantSource clock) {
    this.config = config;
    this.gate = gate;
    this.budget = budget;
    this.splitters = splitters;
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * A request that is to be accepted.
   *
   * @param body an Export*ServiceRequest in protobuf
   * @param sender where it came from
   * @param reservation what it holds of the budget; closed with the answer
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Request(Signal signal, byte[] body, Sender sender, Reservation reservation) {}

  /** Whether a request may be read, of which {@code expectedBytes} are known or guessed so far. */
  Admission admit(Signal signal, long expectedBytes) {
    Outcome.Retryable refusal = hindrance(signal);
    if (refusal != null) {
      return new Admission.Refused(refusal);
    }
    Reservation reservation = budget.reserve(expectedBytes);
    return reservation == null
        ? new Admission.Refused(Admission.overBudget())
        : new Admission.Admitted(reservation);
  }

  private Outcome.@Nullable Retryable hindrance(Signal signal) {
    if (stopping) {
      return new Outcome.Retryable(Reason.STOPPING, "the collector is stopping; send again");
    }
    String shut = gate.reason(ThreadLocalRandom.current()::nextDouble);
    if (shut != null) {
      return new Outcome.Retryable(Reason.PAUSED, "intake is paused: " + shut);
    }
    return publisher.unavailable(signal);
  }

  /** Gives the answer exactly once, on any thread, as soon as Kafka has answered for all parts. */
  void accept(Request request, Consumer<Outcome> answer) {
    Signal signal = request.signal();
    Instant now = clock.instant();
    Timer.Sample sinceRead = metrics.read();
    SplitRequest split;
    try {
      split = splitters.split(signal, request.body(), publisher.partitions(signal), now);
    } catch (RuntimeException | Error e) {
      // An Error as well: the client waits, and the budget would stay short of these bytes.
      request.reservation().close();
      answer.accept(refused(signal, e));
      return;
    }
    // Each part has a copy of its resource, so together they may be larger than the request.
    if (!request.reservation().growTo(split.bytes())) {
      request.reservation().close();
      answer.accept(Admission.overBudget());
      return;
    }
    BiConsumer<Signal, byte[]> copy = copies;
    if (copy != null) {
      copy.accept(signal, request.body());
    }
    publisher.publish(
        signal,
        split,
        headers(split, request.sender(), now),
        failure -> {
          request.reservation().close();
          if (failure == null) {
            metrics.acknowledged(signal, sinceRead);
            answer.accept(accepted(signal, split.rejections()));
          } else {
            answer.accept(failure);
          }
        });
  }

  private RecordHeaders headers(SplitRequest split, Sender sender, Instant now) {
    String peer = split.needsPeer() ? sender.address() : null;
    return new RecordHeaders(config.tenant(), config.cluster(), 0, now.toEpochMilli(), peer, null);
  }

  private Outcome accepted(Signal signal, Rejections rejections) {
    if (rejections.total() == 0) {
      return Outcome.Accepted.ALL;
    }
    rejections.forEach((reason, items) -> metrics.refused(signal, reason, items, 0));
    return new Outcome.Accepted(
        rejections.total(), rejections.message(ExportResponses.itemNoun(signal)));
  }

  private static Outcome refused(Signal signal, Throwable failure) {
    if (failure instanceof MalformedOtlpException malformed) {
      return malformed(malformed);
    }
    log.atError()
        .addKeyValue("signal", signal.label())
        .setCause(failure)
        .log("a request could not be split");
    return new Outcome.Failed("the collector could not handle the request");
  }

  static Outcome.Invalid malformed(MalformedOtlpException e) {
    return new Outcome.Invalid("body is not a valid OTLP export request: " + e.getMessage());
  }

  /** Gives each request that goes to Kafka to somebody else, too. */
  void record(BiConsumer<Signal, byte[]> to) {
    copies = to;
  }

  /** Refuses whatever has not been admitted yet. */
  void stopAdmitting() {
    stopping = true;
  }
}
