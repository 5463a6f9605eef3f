package dev.musa.sinks.flow;

import dev.musa.schemas.DeadLetterHeaders.Origin;
import dev.musa.schemas.RecordHeaders;

/** The value of one Kafka record, or some of its items. */
final class Piece {
  private final Origin origin;
  private final RecordHeaders headers;
  private final byte[] bytes;
  private final boolean maybeSent;
  private final Receipt receipt;

  /**
   * @param maybeSent whether a backend may have stored it already
   * @param receipt of the whole record
   */
  Piece(Origin origin, RecordHeaders headers, byte[] bytes, boolean maybeSent, Receipt receipt) {
    this.origin = origin;
    this.headers = headers;
    this.bytes = bytes;
    this.maybeSent = maybeSent;
    this.receipt = receipt;
  }

  Piece with(byte[] someItems, int items) {
    return new Piece(origin, headers.withItems(items), someItems, maybeSent, receipt);
  }

  Piece sent() {
    return maybeSent ? this : new Piece(origin, headers, bytes, true, receipt);
  }

  int items() {
    return headers.items();
  }

  /** Where to say what became of it. */
  Receipt receipt() {
    return receipt;
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
