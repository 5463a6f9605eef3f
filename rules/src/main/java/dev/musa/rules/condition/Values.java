package dev.musa.rules.condition;

import dev.musa.schemas.wire.AnyValueView;
import java.util.Arrays;
import java.util.Objects;

/** Comparison of loaded operands, as CEL defines it. */
final class Values {
  /** The result of comparing what has no order. */
  static final int UNORDERED = Integer.MIN_VALUE;

  private static final double TWO_TO_63 = 0x1p63;

  private Values() {}

  static AnyValueView view(Operand operand) {
    return Objects.requireNonNull(operand.view, "a list or map that was loaded has a view");
  }

  /** Numbers are equal by value; otherwise values of different kinds are not equal. */
  static boolean equal(Kind leftKind, Operand left, Kind rightKind, Operand right) {
    if (leftKind.isNumber() && rightKind.isNumber()) {
      return compareNumbers(leftKind, left, rightKind, right) == 0;
    }
    if (leftKind != rightKind) {
      return false;
    }
    return switch (leftKind) {
      case STRING, BYTES ->
          left.length == right.length
              && Arrays.equals(
                  left.buffer,
                  left.start,
                  left.start + left.length,
                  right.buffer,
                  right.start,
                  right.start + right.length);
      case BOOL, DURATION -> left.number == right.number;
      case NULL -> true;
      case LIST -> Lists.equal(left, right);
      // The entries of a key-value list cannot be enumerated on the wire without decoding it.
      case MAP, ABSENT, INT, DOUBLE -> false;
    };
  }

  static int compare(Kind leftKind, Operand left, Kind rightKind, Operand right) {
    if (leftKind.isNumber() && rightKind.isNumber()) {
      return compareNumbers(leftKind, left, rightKind, right);
    }
    if (leftKind != rightKind) {
      return UNORDERED;
    }
    return switch (leftKind) {
      case STRING, BYTES ->
          Integer.signum(
              Arrays.compareUnsigned(
                  left.buffer,
                  left.start,
                  left.start + left.length,
                  right.buffer,
                  right.start,
                  right.start + right.length));
      case BOOL, DURATION -> Long.compare(left.number, right.number);
      default -> UNORDERED;
    };
  }

  private static int compareNumbers(Kind leftKind, Operand left, Kind rightKind, Operand right) {
    if (leftKind == Kind.INT) {
      return rightKind == Kind.INT
          ? Long.compare(left.number, right.number)
          : compare(left.number, right.real);
    }
    if (rightKind == Kind.INT) {
      int reverse = compare(right.number, left.real);
      return reverse == UNORDERED ? UNORDERED : -reverse;
    }
    return compare(left.real, right.real);
  }

  private static int compare(double left, double right) {
    if (left < right) {
      return -1;
    }
    if (left > right) {
      return 1;
    }
    return left == right ? 0 : UNORDERED;
  }

  /** Exact, also where a long has more digits than a double. */
  static int compare(long left, double right) {
    if (Double.isNaN(right)) {
      return UNORDERED;
    }
    if (right >= TWO_TO_63) {
      return -1;
    }
    if (right < -TWO_TO_63) {
      return 1;
    }
    long whole = (long) right;
    return left != whole ? Long.compare(left, whole) : compare(0.0, right - whole);
  }

  static int codePoints(byte[] utf8, int start, int length) {
    int count = 0;
    for (int i = start; i < start + length; i++) {
      if ((utf8[i] & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }

  static boolean startsWith(Operand text, Operand prefix) {
    return text.length >= prefix.length && regionEquals(text, text.start, prefix);
  }

  static boolean endsWith(Operand text, Operand suffix) {
    return text.length >= suffix.length
        && regionEquals(text, text.start + text.length - suffix.length, suffix);
  }

  static boolean contains(Operand text, Operand part) {
    if (part.length == 0) {
      return true;
    }
    byte first = part.buffer[part.start];
    int last = text.start + text.length - part.length;
    for (int at = text.start; at <= last; at++) {
      if (text.buffer[at] == first && regionEquals(text, at, part)) {
        return true;
      }
    }
    return false;
  }

  private static boolean regionEquals(Operand text, int at, Operand other) {
    return Arrays.equals(
        text.buffer, at, at + other.length, other.buffer, other.start, other.start + other.length);
  }
}
