package dev.musa.sinks.backend;

/**
 * What Prometheus' answers on {@code /api/v1/otlp/v1/metrics} mean: a request is stored whole or
 * not at all, 400 is about a sample's time or value, 500 about its translation.
 */
final class PrometheusAnswers {
  /** Texts of a 400 that a resend of what is stored gets as well. */
  private static final String[] OLDER = {
    "out of order", "out-of-order", "duplicate sample", "too old sample", "out of bounds",
  };

  private PrometheusAnswers() {}

  static Answer classify(HttpReply reply) {
    var code = reply.code();
    return switch (reply.status()) {
      case 400 -> {
        var message = reply.message();
        boolean older =
            Texts.mentions(message, OLDER) && !Texts.mentions(message, "too far in the future");
        yield new Answer.Bisect(older, code, message);
      }
      case 500 -> new Answer.Doubtful(code, reply.message());
      default -> OtlpHttpAnswers.classify(reply);
    };
  }
}
