package dev.musa.collector;

import dev.musa.schemas.Signal;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the messages that grpc itself refuses by the length in front of them, before any code of
 * the call hears of them.
 */
final class OversizeTracer extends ServerStreamTracer {
  private static final String REFUSED_BY_GRPC = "gRPC message exceeds maximum size";
  private static final ServerStreamTracer NOTHING = new ServerStreamTracer() {};

  private final Signal signal;
  private final GrpcEdge edge;

  private OversizeTracer(Signal signal, GrpcEdge edge) {
    this.signal = signal;
    this.edge = edge;
  }

  static Factory factory(GrpcEdge edge) {
    Map<String, ServerStreamTracer> tracers = new HashMap<>();
    for (Signal signal : Signal.values()) {
      tracers.put(ExportMethods.of(signal).getFullMethodName(), new OversizeTracer(signal, edge));
    }
    return new Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        return tracers.getOrDefault(fullMethodName, NOTHING);
      }
    };
  }

  @Override
  public void streamClosed(Status status) {
    String description = status.getDescription();
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED
        && description != null
        && description.startsWith(REFUSED_BY_GRPC)) {
      edge.countTooLarge(signal, description);
    }
  }
}
