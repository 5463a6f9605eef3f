package dev.musa.sinks.backend;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Loki's answers on {@code /otlp/v1/logs} mean.
 *
 * <p>Two of them read otherwise than they are: a 400 about an entry has stored the others, and a
 * 503 that names a message size never passes. Where Loki drops in silence: a push to several
 * streams reports the last stream's error only, so {@code loki_discarded_samples_total} tells more
 * than the answers do.
 */
final class LokiAnswers {
  /** The status of {@code block_ingestion_until} unless Loki is configured otherwise. */
  private static final int INGESTION_BLOCKED = 260;

  private static final Pattern RATE =
      Pattern.compile("limit: (\\d{1,15}) bytes/sec\\).*totaling '(\\d{1,15})' bytes");

  private LokiAnswers() {}

  static Answer classify(HttpReply reply) {
    var code = reply.code();
    var message = reply.message();
    return switch (reply.status()) {
      case INGESTION_BLOCKED -> new Answer.DroppedByBackend(code, message);
      case 400 -> badRequest(code, message);
      case 429 ->
          exceedsTheRate(message)
              ? new Answer.Split(true, code, message)
              : new Answer.Retry(reply.waitFor(), code, message);
      default ->
          reply.status() >= 500 && Texts.mentions(message, "larger than max")
              ? new Answer.Split(false, code, message)
              : OtlpHttpAnswers.classify(reply);
    };
  }

  private static Answer badRequest(String code, String message) {
    if (Texts.mentions(message, "org id", "tenant id")) {
      return new Answer.Misconfigured(code, message);
    }
    // An answer about entries names one of them, and has stored the good ones beside it. Sending
    // those again does no harm, as Loki stores a repeat once; it alone shows which ones are bad.
    return new Answer.Bisect(false, code, message);
  }

  /**
   * A request above what a second allows may be above the burst too, and then never passes; below
   * that it passes in time. Loki counts larger than OTLP does, so its own figure is what decides.
   */
  private static boolean exceedsTheRate(String message) {
    Matcher rate = RATE.matcher(message);
    return rate.find() && Long.parseLong(rate.group(2)) > Long.parseLong(rate.group(1));
  }
}
