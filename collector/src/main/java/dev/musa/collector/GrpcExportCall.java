package dev.musa.collector;

import dev.musa.collector.ByteBudget.Reservation;
import dev.musa.schemas.Signal;
import io.grpc.Grpc;
import io.grpc.KnownLength;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One Export call. It waits until its one message is there and the client has closed its side;
 * whoever takes it out of waiting (that, a bad message, the client's cancellation, the read
 * timeout) decides how it ends.
 */
final class GrpcExportCall extends ServerCall.Listener<InputStream> {
  private final Signal signal;
  private final ServerCall<InputStream, byte[]> call;
  private final Reservation reservation;
  private final SizeGuess size;
  private final GrpcEdge edge;
  private final long startedNanos;
  private final AtomicBoolean waiting = new AtomicBoolean(true);
  private byte @Nullable [] body;

  GrpcExportCall(
      Signal signal,
      ServerCall<InputStream, byte[]> call,
      Reservation reservation,
      SizeGuess size,
      GrpcEdge edge) {
    this.signal = signal;
    this.call = call;
    this.reservation = reservation;
    this.size = size;
    this.edge = edge;
    this.startedNanos = edge.now();
  }

  long startedNanos() {
    return startedNanos;
  }

  @Override
  public void onMessage(InputStream message) {
    try {
      body = read(message);
    } catch (BodyRefusedException e) {
      refuse(e.outcome());
    }
  }

  private byte[] read(InputStream message) {
    try {
      return message instanceof KnownLength
          ? edge.bodies().readExactly(message, message.available(), reservation)
          : edge.bodies().readToEnd(message, reservation);
    } catch (IOException e) {
      throw new BodyRefusedException(
          new Outcome.Invalid("message cannot be decompressed: " + e.getMessage()));
    } catch (StatusRuntimeException e) {
      // grpc itself bounds what it decompresses, at the same size.
      throw new BodyRefusedException(
          e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
              ? edge.bodies().tooLarge("more than " + edge.bodies().maxBytes() + " bytes")
              : new Outcome.Invalid("message cannot be read: " + e.getStatus().getDescription()));
    }
  }

  @Override
  public void onHalfClose() {
    byte[] received = body;
    body = null;
    if (received == null) {
      refuse(new Outcome.Invalid("call: no message (expected: one export request)"));
    } else if (endWaiting()) {
      size.observe(received.length);
      Sender sender = new Sender(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
      edge.intake()
          .accept(
              new Intake.Request(signal, received, sender, reservation),
              outcome -> edge.answer(signal, call, outcome));
    }
  }

  /** The reservation of a call that is on its way to Kafka goes when Kafka has answered. */
  @Override
  public void onCancel() {
    if (endWaiting()) {
      reservation.close();
    }
  }

  void refuseAsSlow(Duration readTimeout) {
    refuse(
        new Outcome.Retryable(
            Reason.SLOW_CLIENT,
            "the message was not there within " + readTimeout.toMillis() + " ms"));
  }

  private void refuse(Outcome outcome) {
    if (endWaiting()) {
      reservation.close();
      edge.answer(signal, call, outcome);
    }
  }

  private boolean endWaiting() {
    if (!waiting.compareAndSet(true, false)) {
      return false;
    }
    edge.stopWaiting(this);
    return true;
  }
}
