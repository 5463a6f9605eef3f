package dev.musa.rules.condition;

import dev.musa.rules.KeyBuffer;
import dev.musa.rules.KeyExpression;
import dev.musa.schemas.wire.OtlpCursor;

/** The key made of several values. */
final class Key implements KeyExpression {
  private final Operand[] parts;

  Key(Operand... parts) {
    this.parts = parts;
  }

  @Override
  public void appendTo(OtlpCursor at, KeyBuffer out) {
    for (Operand part : parts) {
      switch (part.load(at)) {
        case STRING, BYTES -> out.append(part.buffer, part.start, part.length);
        case BOOL -> out.append('b', part.number);
        case INT, DURATION -> out.append('i', part.number);
        case DOUBLE -> out.append('d', Double.doubleToLongBits(part.real));
        // Lists and maps have no fixed encoding: as a key they are no value.
        case ABSENT, NULL, LIST, MAP -> out.appendAbsent();
      }
    }
  }
}
