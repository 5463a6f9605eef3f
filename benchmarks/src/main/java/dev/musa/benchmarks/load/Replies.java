package dev.musa.benchmarks.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.musa.schemas.Signal;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import org.jspecify.annotations.Nullable;

/** Reads what an endpoint answers. */
final class Replies {
  private Replies() {}

  /** Items that were refused by partial success. */
  static long rejected(Signal signal, byte @Nullable [] reply) {
    // Two bytes are an empty partial success.
    if (reply == null || reply.length <= 2) {
      return 0;
    }
    try {
      return switch (signal) {
        case TRACES ->
            ExportTraceServiceResponse.parseFrom(reply).getPartialSuccess().getRejectedSpans();
        case LOGS ->
            ExportLogsServiceResponse.parseFrom(reply).getPartialSuccess().getRejectedLogRecords();
        case METRICS ->
            ExportMetricsServiceResponse.parseFrom(reply)
                .getPartialSuccess()
                .getRejectedDataPoints();
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the endpoint's answer is no OTLP: " + e.getMessage(), e);
    }
  }
}
