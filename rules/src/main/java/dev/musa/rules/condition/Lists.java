package dev.musa.rules.condition;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.OtlpCursor;
import java.util.List;

/** Lists: literal ones, and attributes with an array value. */
final class Lists {
  private Lists() {}

  /** Reads the elements of an array one by one. */
  static final class Elements extends Operand {
    private final AnyValueView element = new AnyValueView();

    /** Puts the element behind the cursor into this operand; its kind, or null at the end. */
    int advance(AnyValueView array, int cursor) {
      return array.nextElement(cursor, element);
    }

    @Override
    Kind load(OtlpCursor at) {
      return hold(element);
    }

    Kind current() {
      return hold(element);
    }
  }

  /** A list of constants, such as {@code ["a", "b"]}. */
  static final class Constant extends Operand {
    final List<Literal> literals;
    private final Elements elements = new Elements();

    Constant(List<Literal> literals) {
      this.literals = List.copyOf(literals);
    }

    @Override
    Kind load(OtlpCursor at) {
      return Kind.LIST;
    }

    boolean contains(Kind kind, Operand value) {
      for (int i = 0; i < literals.size(); i++) {
        Literal literal = literals.get(i);
        if (Values.equal(literal.kind(), literal, kind, value)) {
          return true;
        }
      }
      return false;
    }

    boolean equalTo(AnyValueView array) {
      int cursor = array.firstElement();
      for (int i = 0; i < literals.size(); i++) {
        Literal literal = literals.get(i);
        cursor = elements.advance(array, cursor);
        if (cursor < 0 || !Values.equal(literal.kind(), literal, elements.current(), elements)) {
          return false;
        }
      }
      return elements.advance(array, cursor) < 0;
    }
  }

  /**
   * A literal list equals an array with equal elements. Two arrays are never equal: attributes with
   * several values are looked into with {@code in}, not compared with each other.
   */
  static boolean equal(Operand left, Operand right) {
    if (left instanceof Constant constant && right.view != null) {
      return constant.equalTo(right.view);
    }
    return right instanceof Constant constant && left.view != null && constant.equalTo(left.view);
  }
}
