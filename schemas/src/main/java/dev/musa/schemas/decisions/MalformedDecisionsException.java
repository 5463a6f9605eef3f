package dev.musa.schemas.decisions;

/** Bytes that are not a record of the decisions topic. */
public final class MalformedDecisionsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MalformedDecisionsException(String message) {
    super(message);
  }

  MalformedDecisionsException(String message, Throwable cause) {
    super(message, cause);
  }
}
