package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A gRPC refusal as far as the tables look at it.
 *
 * @param retryDelay the delay of RetryInfo, zero if there is none
 */
record GrpcReply(Status.Code code, String message, boolean hasRetryInfo, Duration retryDelay) {
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  static GrpcReply of(StatusRuntimeException refusal) {
    var status = refusal.getStatus();
    var text = new StringBuilder(Objects.requireNonNullElse(status.getDescription(), "no message"));
    for (var cause = status.getCause(); cause != null; cause = cause.getCause()) {
      text.append(": ").append(Objects.requireNonNullElse(cause.getMessage(), cause.toString()));
    }
    var trailers = refusal.getTrailers();
    var details = trailers == null ? null : trailers.get(DETAILS);
    var advice =
        details == null ? Optional.<Duration>empty() : RetryAdvice.of(ByteString.copyFrom(details));
    return new GrpcReply(
        status.getCode(),
        Texts.oneLine(text.toString()),
        advice.isPresent(),
        advice.orElse(Duration.ZERO));
  }
}
