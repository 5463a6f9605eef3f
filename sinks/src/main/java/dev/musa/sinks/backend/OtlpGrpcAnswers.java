package dev.musa.sinks.backend;

/** What the answers of any OTLP/gRPC server mean, by the OTLP specification. */
final class OtlpGrpcAnswers {
  private OtlpGrpcAnswers() {}

  static Answer classify(GrpcReply reply) {
    var code = reply.code().name();
    var message = reply.message();
    return switch (reply.code()) {
      case OK -> Answer.DELIVERED;
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Answer.Retry(reply.retryDelay(), code, message);
      case RESOURCE_EXHAUSTED ->
          reply.hasRetryInfo()
              ? new Answer.Retry(reply.retryDelay(), code, message)
              : new Answer.Split(!Texts.mentions(message, "larger than max"), code, message);
      case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND ->
          new Answer.Misconfigured(code, message);
      case INVALID_ARGUMENT, FAILED_PRECONDITION, ALREADY_EXISTS ->
          new Answer.Bisect(false, code, message);
      // A fault of the transport, or an item the server cannot decode.
      case INTERNAL, UNKNOWN -> new Answer.Doubtful(code, message);
    };
  }
}
