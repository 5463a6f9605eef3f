package dev.musa.sinks.backend;

/** What the answers of any OTLP/HTTP server mean, by the OTLP specification. */
final class OtlpHttpAnswers {
  private OtlpHttpAnswers() {}

  static Answer classify(HttpReply reply) {
    if (reply.isSuccess()) {
      return PartialSuccess.read(reply.body());
    }
    var code = reply.code();
    var message = reply.message();
    return switch (reply.status()) {
      case 408, 429, 502, 503, 504 -> new Answer.Retry(reply.waitFor(), code, message);
      case 413 -> new Answer.Split(false, code, message);
      case 401, 403, 404, 405, 407, 415 -> new Answer.Misconfigured(code, message);
      default -> {
        if (reply.status() < 400) {
          yield new Answer.Misconfigured(code, "a redirect or interim answer: " + message);
        }
        // OTLP calls 500 permanent, and a server in trouble says 500 too.
        yield reply.status() < 500
            ? new Answer.Bisect(false, code, message)
            : new Answer.Doubtful(code, message);
      }
    };
  }
}
