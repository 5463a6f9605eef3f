package dev.musa.runtime.config;

/** A value that is never shown: neither in logs nor in the printed configuration. */
public record Secret(String value) {

  static final String MASK = "***";

  @Override
  public String toString() {
    return MASK;
  }
}
