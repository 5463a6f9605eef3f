package dev.musa.schemas.metadata;

/** A record of the metadata topic that cannot be read. */
public final class MalformedMetadataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedMetadataException(String message, Throwable cause) {
    super(message, cause);
  }
}
