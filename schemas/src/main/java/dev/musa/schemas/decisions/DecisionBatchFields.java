package dev.musa.schemas.decisions;

/** Field numbers of {@code decisions.proto}. */
final class DecisionBatchFields {
  static final int DECIDED_AT = 1;
  static final int READ_TO = 2;
  static final int OUTCOMES = 3;
  static final int TRACE_IDS = 4;
  static final int OUTCOME = 5;
  static final int SPANS = 6;
  static final int DURATION_MICROS = 7;
  static final int CONDITIONS = 8;

  static final int OUTCOME_KEPT = 1;
  static final int OUTCOME_POLICY = 2;
  static final int OUTCOME_RULES_VERSION = 3;

  static final int TRACE_ID_BYTES = 16;

  private DecisionBatchFields() {}
}
