package dev.musa.collector;

import dev.musa.schemas.Signal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** What all gRPC calls share. */
final class GrpcEdge {
  private final Intake intake;
  private final BodyReader bodies;
  private final IntakeMetrics metrics;
  private final RetryAdvice advice;
  private final LongSupplier nanoClock;

  /** Calls that hold budget but whose message is not there yet. */
  private final Set<GrpcExportCall> waiting = ConcurrentHashMap.newKeySet();

  GrpcEdge(
      Intake intake,
      BodyReader bodies,
      IntakeMetrics metrics,
      RetryAdvice advice,
      LongSupplier nanoClock) {
    this.intake = intake;
    this.bodies = bodies;
    this.metrics = metrics;
    this.advice = advice;
    this.nanoClock = nanoClock;
  }

  Intake intake() {
    return intake;
  }

  BodyReader bodies() {
    return bodies;
  }

  long now() {
    return nanoClock.getAsLong();
  }

  void startWaiting(GrpcExportCall call) {
    waiting.add(call);
  }

  void stopWaiting(GrpcExportCall call) {
    waiting.remove(call);
  }

  /** Ends the calls whose message has not come in time. */
  void refuseSlowCalls(Duration readTimeout) {
    long latest = now() - readTimeout.toNanos();
    for (GrpcExportCall call : waiting) {
      if (call.startedNanos() - latest < 0) {
        call.refuseAsSlow(readTimeout);
      }
    }
  }

  /** A message that was refused before its call could answer. */
  void countTooLarge(Signal signal, String message) {
    metrics.answered(Protocol.GRPC, signal, new Outcome.TooLarge(message));
  }

  void answer(Signal signal, ServerCall<?, byte[]> call, Outcome outcome) {
    metrics.answered(Protocol.GRPC, signal, outcome);
    if (call.isCancelled()) {
      return;
    }
    if (outcome instanceof Outcome.Accepted accepted) {
      call.sendHeaders(new Metadata());
      call.sendMessage(ExportResponses.protobuf(accepted));
    }
    Status status = GrpcStatuses.of(outcome);
    call.close(status, GrpcStatuses.trailers(outcome, status, advice));
  }
}
