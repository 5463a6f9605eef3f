package dev.musa.schemas;

/** A Kafka record whose headers are not those of a MUSA record. */
public final class BadHeadersException extends RuntimeException {
  BadHeadersException(String message) {
    super(message, null, false, false);
  }
}
