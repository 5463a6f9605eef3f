package dev.musa.rules.condition;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.schemas.wire.OtlpCursor;

/** A constant. */
final class Literal extends Operand {
  private final Kind kind;

  private Literal(Kind kind) {
    this.kind = kind;
  }

  static Literal absent() {
    return new Literal(Kind.ABSENT);
  }

  static Literal ofNull() {
    return new Literal(Kind.NULL);
  }

  static Literal of(boolean value) {
    Literal literal = new Literal(Kind.BOOL);
    literal.hold(value);
    return literal;
  }

  static Literal of(long value) {
    Literal literal = new Literal(Kind.INT);
    literal.hold(value);
    return literal;
  }

  static Literal of(double value) {
    Literal literal = new Literal(Kind.DOUBLE);
    literal.hold(value);
    return literal;
  }

  static Literal ofNanos(long nanos) {
    Literal literal = new Literal(Kind.DURATION);
    literal.hold(nanos);
    return literal;
  }

  static Literal of(String value) {
    return of(Kind.STRING, value.getBytes(UTF_8));
  }

  static Literal of(byte[] value) {
    return of(Kind.BYTES, value);
  }

  private static Literal of(Kind kind, byte[] value) {
    Literal literal = new Literal(kind);
    literal.buffer = value;
    literal.length = value.length;
    return literal;
  }

  Kind kind() {
    return kind;
  }

  @Override
  Kind load(OtlpCursor at) {
    return kind;
  }
}
