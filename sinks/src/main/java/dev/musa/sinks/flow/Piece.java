package dev.musa.sinks.flow;

import dev.musa.schemas.DeadLetterHeaders.Origin;
import dev.musa.schemas.RecordHeaders;

/** The value of one Kafka record, or some of its items. */
final class Piece {
  private final Origin origin;
  private final RecordHeaders headers;
  private final byte[] bytes;
  private final boolean maybeSent;

  /**
   * @param maybeSent whether a backend may have stored it already
   */
  Piece(Origin origin, RecordHeaders headers, byte[] bytes, boolean maybeSent) {
    this.origin = origin;
    this.headers = headers;
    this.bytes = bytes;
    this.maybeSent = maybeSent;
  }

  Piece with(byte[] someItems, int items) {
    return new Piece(origin, headers.withItems(items), someItems, maybeSent);
  }

  Piece sent() {
    return maybeSent ? this : new Piece(origin, headers, bytes, true);
  }

  int items() {
    return headers.items();
  }

  Origin origin() {
    return origin;
  }

  RecordHeaders headers() {
    return headers;
  }

  byte[] bytes() {
    return bytes;
  }

  boolean maybeSent() {
    return maybeSent;
  }
}
