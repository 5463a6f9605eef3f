package dev.musa.runtime.http;

/**
 * What a route answers.
 *
 * @param body is sent as UTF-8
 */
public record HttpAnswer(int status, String contentType, String body) {

  /** A short plain text; a line break is added. */
  public static HttpAnswer text(int status, String text) {
    return new HttpAnswer(status, "text/plain; charset=utf-8", text + "\n");
  }
}
