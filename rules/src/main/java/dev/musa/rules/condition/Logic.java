package dev.musa.rules.condition;

import dev.musa.rules.Condition;
import dev.musa.schemas.wire.OtlpCursor;

/** Conditions made of conditions, and the step between conditions and values. */
final class Logic {
  private Logic() {}

  /** True if all are; the later ones are not asked once one is false. */
  static final class All implements Condition {
    private final Condition[] parts;

    All(Condition... parts) {
      this.parts = parts;
    }

    @Override
    public boolean test(OtlpCursor at) {
      for (Condition part : parts) {
        if (!part.test(at)) {
          return false;
        }
      }
      return true;
    }
  }

  /** True if any is; the later ones are not asked once one is true. */
  static final class Any implements Condition {
    private final Condition[] parts;

    Any(Condition... parts) {
      this.parts = parts;
    }

    @Override
    public boolean test(OtlpCursor at) {
      for (Condition part : parts) {
        if (part.test(at)) {
          return true;
        }
      }
      return false;
    }
  }

  record Not(Condition of) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return !of.test(at);
    }
  }

  /** The ternary operator between conditions. */
  record Either(Condition test, Condition then, Condition otherwise) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return test.test(at) ? then.test(at) : otherwise.test(at);
    }
  }

  /** A value as condition: true only if it is the boolean true. */
  record IsTrue(Operand value) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return value.load(at) == Kind.BOOL && value.number != 0;
    }
  }

  /** A condition as value. */
  static final class Truth extends Operand {
    private final Condition condition;

    Truth(Condition condition) {
      this.condition = condition;
    }

    @Override
    Kind load(OtlpCursor at) {
      return hold(condition.test(at));
    }
  }

  /** The ternary operator between values. */
  static final class Choice extends Operand {
    private final Condition test;
    private final Operand then;
    private final Operand otherwise;

    Choice(Condition test, Operand then, Operand otherwise) {
      this.test = test;
      this.then = then;
      this.otherwise = otherwise;
    }

    @Override
    Kind load(OtlpCursor at) {
      Operand chosen = test.test(at) ? then : otherwise;
      return hold(chosen.load(at), chosen);
    }
  }
}
