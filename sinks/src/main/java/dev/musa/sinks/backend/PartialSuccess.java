package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;

/** Reads an OTLP success. */
final class PartialSuccess {
  private PartialSuccess() {}

  /**
   * The responses of the three signals are the same on the wire: a partial success in field 1, the
   * rejected items in its field 1, the message in its field 2. A body that is no such response
   * (JSON, an empty page) is plain success: the status says so.
   */
  static Answer read(ByteString response) {
    if (response.isEmpty()) {
      return Answer.DELIVERED;
    }
    try {
      var partial = ExportTraceServiceResponse.parseFrom(response).getPartialSuccess();
      if (partial.getRejectedSpans() <= 0 && partial.getErrorMessage().isEmpty()) {
        return Answer.DELIVERED;
      }
      return new Answer.Delivered(
          Math.max(0, partial.getRejectedSpans()), Texts.oneLine(partial.getErrorMessage()));
    } catch (InvalidProtocolBufferException notAResponse) {
      return Answer.DELIVERED;
    }
  }
}
