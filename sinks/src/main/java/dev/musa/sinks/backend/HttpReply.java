package dev.musa.sinks.backend;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Status;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/**
 * An HTTP answer as far as the tables look at it. {@code body} may be cut off.
 *
 * @param retryAfter the {@code Retry-After} header, empty if there is none
 */
record HttpReply(int status, String contentType, String retryAfter, ByteString body, Instant at) {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  String code() {
    return Integer.toString(status);
  }

  /** What the backend says went wrong: the message of a protobuf Status, or the text as it is. */
  String message() {
    if (body.isEmpty()) {
      return "no message";
    }
    if (!contentType.startsWith("text/") && !contentType.startsWith("application/json")) {
      try {
        var message = Status.parseFrom(body).getMessage();
        if (!message.isEmpty()) {
          return Texts.oneLine(message);
        }
      } catch (InvalidProtocolBufferException notAStatus) {
        return text();
      }
    }
    return text();
  }

  /** How long the backend asks to wait, by header or by RetryInfo; zero if it does not say. */
  Duration waitFor() {
    if (SECONDS.matcher(retryAfter).matches()) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    if (!retryAfter.isEmpty()) {
      try {
        var until = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
        var wait = Duration.between(at, until.toInstant());
        return wait.isNegative() ? Duration.ZERO : wait;
      } catch (DateTimeException notADate) {
        return Duration.ZERO;
      }
    }
    return RetryAdvice.of(body).orElse(Duration.ZERO);
  }

  private String text() {
    return Texts.oneLine(body.toStringUtf8());
  }
}
