package dev.musa.schemas.wire;

/**
 * Bytes that are not a well-formed OTLP message.
 *
 * <p>Carries no stack trace: it is thrown on the path of untrusted input, where filling one in
 * would cost more than the walk, and the offset says where to look.
 */
public final class MalformedOtlpException extends RuntimeException {
  private final int offset;

  public MalformedOtlpException(String message, int offset) {
    super(message + " at byte " + offset, null, false, false);
    this.offset = offset;
  }

  /** Where the malformed part starts, in bytes from the start of the array that was walked. */
  public int offset() {
    return offset;
  }
}
