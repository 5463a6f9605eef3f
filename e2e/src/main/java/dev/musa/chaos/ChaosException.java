package dev.musa.chaos;

/** Something does not hold that has to. */
final class ChaosException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ChaosException(String message) {
    super(message);
  }
}
