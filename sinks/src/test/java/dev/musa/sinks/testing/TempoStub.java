package dev.musa.sinks.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.Signal;
import io.grpc.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.util.List;

/** Answers as Tempo does on OTLP/gRPC; {@code multitenancy_enabled} is true. */
public final class TempoStub extends OtlpGrpcStub {
  private static final int MAX_MESSAGE = 4 << 20;

  private volatile int burstBytes = 30_000_000;

  public TempoStub(Certificates mutualTls) {
    super(mutualTls, MAX_MESSAGE);
  }

  /** Sets {@code burst_size_bytes}. */
  public void setBurst(int bytes) {
    burstBytes = bytes;
  }

  @Override
  protected void accept(Request request) {
    if (request.tenant().isEmpty()) {
      throw refusal(Status.Code.UNAVAILABLE, "no org id");
    }
    if (request.signal() != Signal.TRACES) {
      throw refusal(Status.Code.UNIMPLEMENTED, "unknown service");
    }
    int size = request.body().size();
    if (size > burstBytes) {
      throw refusal(
          Status.Code.RESOURCE_EXHAUSTED,
          "RATE_LIMITED: batch size ("
              + size
              + " bytes) exceeds ingestion limit (local: "
              + burstBytes
              + " bytes/s, burst: "
              + burstBytes
              + " bytes) while adding "
              + size
              + " bytes for user "
              + request.tenant());
    }
    store(check(request.body()));
  }

  /** One bad id refuses the whole request. */
  private static List<String> check(ByteString body) {
    try {
      for (var resource : TracesData.parseFrom(body).getResourceSpansList()) {
        for (var scope : resource.getScopeSpansList()) {
          for (var span : scope.getSpansList()) {
            int bits = span.getTraceId().size() * 8;
            if (bits == 0) {
              throw refusal(
                  Status.Code.INVALID_ARGUMENT, "trace ids must be 128 bit, received 0 bits");
            }
            if (bits != 128) {
              throw refusal(
                  Status.Code.INTERNAL,
                  "grpc: error unmarshalling request: invalid TraceID length");
            }
            if (span.getSpanId().size() != 8) {
              throw refusal(
                  Status.Code.INVALID_ARGUMENT, "span ids must be 64 bit and not all zero");
            }
          }
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw refusal(Status.Code.INTERNAL, "grpc: error unmarshalling request: " + e.getMessage());
    }
    return Telemetry.ids(Signal.TRACES, body.toByteArray());
  }
}
