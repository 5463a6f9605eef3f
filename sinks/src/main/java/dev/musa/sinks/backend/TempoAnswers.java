package dev.musa.sinks.backend;

import io.grpc.Status;

/**
 * What the answers of Tempo's OTLP/gRPC receiver mean.
 *
 * <p>Where Tempo drops in silence: spans of a trace over {@code max_bytes_per_trace} and of too
 * many live traces get OK, and attributes over {@code max_attribute_bytes} are cut; only {@code
 * tempo_discarded_spans_total} and {@code tempo_distributor_attributes_truncated_total} tell.
 */
final class TempoAnswers {
  private TempoAnswers() {}

  static Answer classify(GrpcReply reply) {
    var code = reply.code().name();
    var message = reply.message();
    if (reply.code() == Status.Code.RESOURCE_EXHAUSTED) {
      if (Texts.mentions(message, "batch size (")) {
        return new Answer.Split(true, code, message);
      }
      // Tempo 2 limits the rate without RetryInfo.
      if (Texts.mentions(message, "rate_limited")) {
        return new Answer.Retry(reply.retryDelay(), code, message);
      }
    }
    // Tempo answers a missing tenant as if it would pass.
    if (reply.code() == Status.Code.UNAVAILABLE
        && Texts.mentions(message, "no org id", "multiple org ids")) {
      return new Answer.Misconfigured(code, message);
    }
    if (reply.code() == Status.Code.INTERNAL
        && Texts.mentions(message, "invalid traceid", "invalid spanid")) {
      return new Answer.Bisect(false, code, message);
    }
    return OtlpGrpcAnswers.classify(reply);
  }
}
