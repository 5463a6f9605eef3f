package dev.musa.rules.condition;

/** What an operand holds after it was loaded. */
enum Kind {
  /** Nothing: the attribute is not there, or the arithmetic has no result. */
  ABSENT,
  /** An attribute without a value. */
  NULL,
  BOOL,
  INT,
  DOUBLE,
  DURATION,
  STRING,
  BYTES,
  LIST,
  MAP;

  boolean isNumber() {
    return this == INT || this == DOUBLE;
  }

  boolean isBytes() {
    return this == STRING || this == BYTES;
  }
}
