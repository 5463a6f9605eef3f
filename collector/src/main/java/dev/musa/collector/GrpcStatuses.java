package dev.musa.collector;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;

/**
 * The table from outcome to gRPC status. An OTLP exporter sends again after UNAVAILABLE, and drops
 * after INVALID_ARGUMENT, INTERNAL, and RESOURCE_EXHAUSTED without RetryInfo.
 */
final class GrpcStatuses {
  static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** A message travels in a header, of which clients take few kilobytes. */
  private static final int MAX_MESSAGE = 1024;

  private GrpcStatuses() {}

  static Status of(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted _ -> Status.OK;
      case Outcome.Retryable(_, String message) -> status(Status.UNAVAILABLE, message);
      case Outcome.Invalid(String message) -> status(Status.INVALID_ARGUMENT, message);
      case Outcome.TooLarge(String message) -> status(Status.RESOURCE_EXHAUSTED, message);
      case Outcome.Failed(String message) -> status(Status.INTERNAL, message);
    };
  }

  private static Status status(Status code, String message) {
    return code.withDescription(
        message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE));
  }

  static Metadata trailers(Outcome outcome, Status status, RetryAdvice advice) {
    Metadata trailers = new Metadata();
    if (outcome instanceof Outcome.Retryable) {
      Duration delay = advice.next();
      RetryInfo info =
          RetryInfo.newBuilder()
              .setRetryDelay(
                  com.google.protobuf.Duration.newBuilder()
                      .setSeconds(delay.getSeconds())
                      .setNanos(delay.getNano()))
              .build();
      String description = status.getDescription();
      trailers.put(
          DETAILS,
          com.google.rpc.Status.newBuilder()
              .setCode(status.getCode().value())
              .setMessage(description == null ? "" : description)
              .addDetails(Any.pack(info))
              .build()
              .toByteArray());
    }
    return trailers;
  }
}
