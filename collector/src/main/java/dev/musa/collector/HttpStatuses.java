package dev.musa.collector;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.rpc.Code;
import com.google.rpc.Status;
import dev.musa.schemas.Signal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The table from outcome to HTTP status. An OTLP exporter sends again after 429, 502, 503 and 504,
 * and drops after every other error, 500 and 408 included.
 */
final class HttpStatuses {
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;
  private static final int METHOD_NOT_ALLOWED = 405;
  private static final int CONTENT_TOO_LARGE = 413;
  private static final int UNSUPPORTED_MEDIA_TYPE = 415;
  private static final int INTERNAL_SERVER_ERROR = 500;
  private static final int SERVICE_UNAVAILABLE = 503;

  private HttpStatuses() {}

  static HttpReply of(Outcome outcome, Signal signal, HttpEncoding encoding, RetryAdvice advice) {
    return switch (outcome) {
      case Outcome.Accepted accepted -> success(accepted, signal, encoding);
      case Outcome.Retryable(Reason reason, String message) ->
          error(
              SERVICE_UNAVAILABLE,
              Code.UNAVAILABLE,
              message,
              encoding,
              reason == Reason.SLOW_CLIENT
                  ? Map.of("Retry-After", seconds(advice), "Connection", "close")
                  : Map.of("Retry-After", seconds(advice)));
      case Outcome.Invalid(String message) ->
          error(BAD_REQUEST, Code.INVALID_ARGUMENT, message, encoding, Map.of());
      case Outcome.TooLarge(String message) ->
          error(CONTENT_TOO_LARGE, Code.RESOURCE_EXHAUSTED, message, encoding, Map.of());
      case Outcome.Failed(String message) ->
          error(INTERNAL_SERVER_ERROR, Code.INTERNAL, message, encoding, Map.of());
    };
  }

  static HttpReply notFound(String path, @Nullable HttpEncoding encoding) {
    String message = "path: " + path + " (expected: /v1/traces, /v1/logs or /v1/metrics)";
    return error(NOT_FOUND, Code.NOT_FOUND, message, encoding, Map.of());
  }

  static HttpReply methodNotAllowed(String method, @Nullable HttpEncoding encoding) {
    String message = "method: " + method + " (expected: POST)";
    return error(
        METHOD_NOT_ALLOWED, Code.UNIMPLEMENTED, message, encoding, Map.of("Allow", "POST"));
  }

  static HttpReply unsupportedContentType(@Nullable String contentType) {
    String message =
        "Content-Type: "
            + (contentType == null ? "none" : contentType)
            + " (expected: application/x-protobuf or application/json)";
    return error(UNSUPPORTED_MEDIA_TYPE, Code.INVALID_ARGUMENT, message, null, Map.of());
  }

  static HttpReply unsupportedContentEncoding(String contentEncoding, HttpEncoding encoding) {
    String message = "Content-Encoding: " + contentEncoding + " (expected: gzip or identity)";
    return error(
        UNSUPPORTED_MEDIA_TYPE,
        Code.INVALID_ARGUMENT,
        message,
        encoding,
        Map.of("Accept-Encoding", "gzip, identity"));
  }

  private static String seconds(RetryAdvice advice) {
    return Long.toString(advice.nextSeconds());
  }

  private static HttpReply success(
      Outcome.Accepted accepted, Signal signal, HttpEncoding encoding) {
    byte[] body =
        switch (encoding) {
          case PROTOBUF -> ExportResponses.protobuf(accepted);
          case JSON -> ExportResponses.json(signal, accepted);
        };
    return new HttpReply(OK, encoding.mimeType(), body, Map.of());
  }

  /** A google.rpc.Status in the encoding of the request, text if that has none of the two. */
  private static HttpReply error(
      int status,
      Code code,
      String message,
      @Nullable HttpEncoding encoding,
      Map<String, String> headers) {
    if (encoding == null) {
      return new HttpReply(
          status, "text/plain; charset=utf-8", (message + "\n").getBytes(UTF_8), headers);
    }
    byte[] body =
        switch (encoding) {
          case PROTOBUF ->
              Status.newBuilder()
                  .setCode(code.getNumber())
                  .setMessage(message)
                  .build()
                  .toByteArray();
          case JSON -> ExportResponses.statusJson(code.getNumber(), message);
        };
    return new HttpReply(status, encoding.mimeType(), body, headers);
  }
}
