package dev.musa.sinks.backend;

import java.time.Duration;

/**
 * What a backend's answer to one request means for the items in it.
 *
 * <p>Each protocol of each backend has one table that turns its answers into these; nothing else
 * looks at a status code. {@code status} is the backend's own ({@code 503}, {@code INTERNAL}), for
 * logs and dead-letter headers.
 */
public sealed interface Answer {

  /** The answer to a request of which everything is stored. */
  Answer DELIVERED = new Delivered(0, "");

  /** Stored, but for {@code rejected} items that the backend left out by partial success. */
  record Delivered(long rejected, String message) implements Answer {}

  /** The backend said success and threw everything away. */
  record DroppedByBackend(String status, String message) implements Answer {}

  /**
   * Too large as one request. If it cannot be split any further and {@code throttled}, a later
   * attempt may still pass.
   */
  record Split(boolean throttled, String status, String message) implements Answer {}

  /**
   * Something in the request is refused for good, and all of it with that. {@code older} marks the
   * answer to items that are older than, or the same as, what is stored: after a resend it does not
   * tell a loss from a repeat.
   */
  record Bisect(boolean older, String status, String message) implements Answer {}

  /** A fault that may pass, and may also be one item's: a few tries, then {@link Bisect}. */
  record Doubtful(String status, String message) implements Answer {}

  /**
   * Nothing is known to be stored, try again; {@code after} is zero if the backend gave no time.
   */
  record Retry(Duration after, String status, String message) implements Answer {}

  /** No request can succeed before somebody mends the configuration here or there. */
  record Misconfigured(String status, String message) implements Answer {}
}
