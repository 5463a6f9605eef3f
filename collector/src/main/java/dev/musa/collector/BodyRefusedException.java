package dev.musa.collector;

/**
 * The body of a request was not read to its end; carries what to answer.
 *
 * <p>Unchecked, because it has to get through decompressing streams that take an IOException for
 * the end of what they read.
 */
final class BodyRefusedException extends RuntimeException {
  private final transient Outcome outcome;

  BodyRefusedException(Outcome outcome) {
    super(outcome.toString(), null, false, false);
    this.outcome = outcome;
  }

  Outcome outcome() {
    return outcome;
  }
}
