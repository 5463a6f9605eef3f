package dev.musa.processors.traces;

/** A trace was decided under rules that are not there any more. */
final class UnknownRulesException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  UnknownRulesException(String version) {
    super(
        "rule set "
            + version
            + " is not on the rules topic, but traces were decided under it (expected: kept as long"
            + " as the decisions); publish it again");
  }
}
