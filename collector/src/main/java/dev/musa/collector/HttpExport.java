package dev.musa.collector;

import dev.musa.collector.ByteBudget.Reservation;
import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import dev.musa.schemas.wire.MalformedOtlpException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.zip.GZIPInputStream;

/** From the body of a request to its outcome; blocks until Kafka has answered. */
final class HttpExport {
  /** Reserved for a body whose length is not told, until more of it is there. */
  private static final long UNKNOWN_LENGTH = 16 << 10;

  private static final int INFLATER_BUFFER = 8 << 10;

  private final Intake intake;
  private final BodyReader bodies;

  HttpExport(Intake intake, BodyReader bodies) {
    this.intake = intake;
    this.bodies = bodies;
  }

  /**
   * What the headers of a request say about its body.
   *
   * @param length in bytes as they are sent; negative if not told
   */
  record Head(Signal signal, HttpEncoding encoding, boolean gzip, long length, Sender sender) {}

  Outcome export(Head head, HttpRequestBody body) {
    if (head.length() > bodies.maxBytes()) {
      return bodies.tooLarge(head.length() + " bytes");
    }
    long expected = head.length() < 0 ? UNKNOWN_LENGTH : head.length();
    return switch (intake.admit(head.signal(), expected)) {
      case Admission.Refused(Outcome.Retryable outcome) -> outcome;
      case Admission.Admitted(Reservation reservation) -> {
        try (reservation) {
          byte[] bytes = read(head, body, reservation);
          yield publish(new Intake.Request(head.signal(), bytes, head.sender(), reservation));
        } catch (BodyRefusedException e) {
          yield e.outcome();
        } catch (MalformedOtlpException e) {
          yield Intake.malformed(e);
        }
      }
    };
  }

  private byte[] read(Head head, HttpRequestBody body, Reservation reservation) {
    try {
      byte[] bytes =
          head.gzip()
              ? inflate(body, reservation)
              : head.length() < 0
                  ? bodies.readToEnd(body, reservation)
                  : bodies.readExactly(body, (int) head.length(), reservation);
      return switch (head.encoding()) {
        case PROTOBUF -> bytes;
        case JSON -> toProtobuf(head.signal(), bytes, reservation);
      };
    } catch (IOException e) {
      throw new BodyRefusedException(
          new Outcome.Invalid("body is not valid gzip: " + e.getMessage()));
    }
  }

  private byte[] inflate(HttpRequestBody body, Reservation reservation) throws IOException {
    try (InputStream inflated = new GZIPInputStream(body, INFLATER_BUFFER)) {
      return bodies.readToEnd(inflated, reservation);
    }
  }

  private static byte[] toProtobuf(Signal signal, byte[] json, Reservation reservation) {
    // Both are held for a moment, and OTLP in protobuf is not longer than in JSON.
    if (!reservation.resize(2L * json.length)) {
      throw new BodyRefusedException(Admission.overBudget());
    }
    byte[] otlp = OtlpJson.toProtobuf(signal, json);
    if (!reservation.resize(otlp.length)) {
      throw new BodyRefusedException(Admission.overBudget());
    }
    return otlp;
  }

  private Outcome publish(Intake.Request request) {
    CompletableFuture<Outcome> answer = new CompletableFuture<>();
    intake.accept(request, answer::complete);
    try {
      return answer.get();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Outcome.Retryable(
          Reason.STOPPING, "the collector stopped before Kafka acknowledged; send again");
    } catch (ExecutionException e) {
      throw new IllegalStateException("an answer never fails", e);
    }
  }
}
