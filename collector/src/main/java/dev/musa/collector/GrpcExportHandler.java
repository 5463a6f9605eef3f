package dev.musa.collector;

import dev.musa.schemas.Signal;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.io.InputStream;

/** Begins the calls of one OTLP method: takes budget, and only then asks for the message. */
final class GrpcExportHandler implements ServerCallHandler<InputStream, byte[]> {
  private final Signal signal;
  private final GrpcEdge edge;
  private final SizeGuess size = new SizeGuess();

  GrpcExportHandler(Signal signal, GrpcEdge edge) {
    this.signal = signal;
    this.edge = edge;
  }

  @Override
  public ServerCall.Listener<InputStream> startCall(
      ServerCall<InputStream, byte[]> call, Metadata headers) {
    return switch (edge.intake().admit(signal, size.next())) {
      case Admission.Refused(Outcome.Retryable outcome) -> {
        edge.answer(signal, call, outcome);
        yield new ServerCall.Listener<>() {};
      }
      case Admission.Admitted(ByteBudget.Reservation reservation) -> {
        GrpcExportCall export = new GrpcExportCall(signal, call, reservation, size, edge);
        edge.startWaiting(export);
        call.request(1);
        yield export;
      }
    };
  }
}
