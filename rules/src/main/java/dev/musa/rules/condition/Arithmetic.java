package dev.musa.rules.condition;

import dev.musa.schemas.wire.OtlpCursor;

/**
 * A number made of two. Whole numbers stay whole; one real number makes the result real. Where
 * there is no result (overflow, division of a whole number by zero, not a number) it is absent.
 */
final class Arithmetic extends Operand {
  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO
  }

  private final Operator operator;
  private final Operand left;
  private final Operand right;

  Arithmetic(Operator operator, Operand left, Operand right) {
    this.operator = operator;
    this.left = left;
    this.right = right;
  }

  @Override
  Kind load(OtlpCursor at) {
    Kind leftKind = left.load(at);
    Kind rightKind = right.load(at);
    if (leftKind == Kind.INT && rightKind == Kind.INT) {
      return whole(left.number, right.number);
    }
    if (leftKind.isNumber() && rightKind.isNumber() && operator != Operator.MODULO) {
      return hold(
          real(
              leftKind == Kind.INT ? (double) left.number : left.real,
              rightKind == Kind.INT ? (double) right.number : right.real));
    }
    return Kind.ABSENT;
  }

  private double real(double a, double b) {
    return switch (operator) {
      case ADD -> a + b;
      case SUBTRACT -> a - b;
      case MULTIPLY -> a * b;
      case DIVIDE, MODULO -> a / b;
    };
  }

  private Kind whole(long a, long b) {
    return switch (operator) {
      case ADD -> {
        long sum = a + b;
        yield ((a ^ sum) & (b ^ sum)) < 0 ? Kind.ABSENT : hold(sum);
      }
      case SUBTRACT -> {
        long difference = a - b;
        yield ((a ^ b) & (a ^ difference)) < 0 ? Kind.ABSENT : hold(difference);
      }
      case MULTIPLY -> {
        long low = a * b;
        yield Math.multiplyHigh(a, b) == low >> (Long.SIZE - 1) ? hold(low) : Kind.ABSENT;
      }
      case DIVIDE -> b == 0 || (a == Long.MIN_VALUE && b == -1) ? Kind.ABSENT : hold(a / b);
      case MODULO -> b == 0 || (a == Long.MIN_VALUE && b == -1) ? Kind.ABSENT : hold(a % b);
    };
  }

  /** The number with the other sign. */
  static final class Negation extends Operand {
    private final Operand of;

    Negation(Operand of) {
      this.of = of;
    }

    @Override
    Kind load(OtlpCursor at) {
      return switch (of.load(at)) {
        case INT -> of.number == Long.MIN_VALUE ? Kind.ABSENT : hold(-of.number);
        case DOUBLE -> hold(-of.real);
        default -> Kind.ABSENT;
      };
    }
  }
}
