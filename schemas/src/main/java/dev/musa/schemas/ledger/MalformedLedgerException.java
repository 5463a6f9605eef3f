package dev.musa.schemas.ledger;

/** Bytes that are not a record of a ledger topic. */
public final class MalformedLedgerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedLedgerException(String message) {
    super(message);
  }

  MalformedLedgerException(String message, Throwable cause) {
    super(message, cause);
  }
}
