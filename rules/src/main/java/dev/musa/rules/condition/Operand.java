package dev.musa.rules.condition;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Text;
import org.jspecify.annotations.Nullable;

/**
 * A value within a condition. {@link #load} puts it into the operand's own fields, so that nothing
 * is allocated per item; they are valid until the next load.
 */
abstract class Operand {
  private static final byte[] NOTHING = {};

  /** The value of BOOL (1 is true), INT and DURATION (nanoseconds). */
  long number;

  /** The value of DOUBLE. */
  double real;

  /** The bytes of STRING and BYTES. */
  byte[] buffer = NOTHING;

  int start;
  int length;

  /** The value of LIST and MAP; null for a list of literals. */
  @Nullable AnyValueView view;

  abstract Kind load(OtlpCursor at);

  final Kind hold(boolean value) {
    number = value ? 1 : 0;
    return Kind.BOOL;
  }

  final Kind hold(long value) {
    number = value;
    return Kind.INT;
  }

  final Kind hold(double value) {
    real = value;
    return Kind.DOUBLE;
  }

  final Kind hold(Text text) {
    buffer = text.buffer();
    start = text.start();
    length = text.length();
    return Kind.STRING;
  }

  final Kind hold(AnyValueView value) {
    return switch (value.type()) {
      case STRING -> hold(value.text());
      case BYTES -> {
        hold(value.text());
        yield Kind.BYTES;
      }
      case BOOL -> hold(value.booleanValue());
      case INT -> hold(value.longValue());
      case DOUBLE -> hold(value.doubleValue());
      case ARRAY -> hold(Kind.LIST, value);
      case KVLIST -> hold(Kind.MAP, value);
      case EMPTY -> Kind.NULL;
    };
  }

  private Kind hold(Kind kind, AnyValueView value) {
    view = value;
    return kind;
  }

  final Kind hold(Kind kind, Operand other) {
    number = other.number;
    real = other.real;
    buffer = other.buffer;
    start = other.start;
    length = other.length;
    view = other.view;
    return kind;
  }
}
