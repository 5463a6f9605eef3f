package dev.musa.rules.condition;

import dev.musa.rules.Condition;
import dev.musa.schemas.wire.OtlpCursor;

/** Conditions about values. With an absent value each of them is false. */
final class Tests {
  private Tests() {}

  enum Relation {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL
  }

  record Compare(Relation relation, Operand left, Operand right) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      Kind leftKind = left.load(at);
      if (leftKind == Kind.ABSENT) {
        return false;
      }
      Kind rightKind = right.load(at);
      if (rightKind == Kind.ABSENT) {
        return false;
      }
      return switch (relation) {
        case EQUAL -> Values.equal(leftKind, left, rightKind, right);
        case NOT_EQUAL -> !Values.equal(leftKind, left, rightKind, right);
        case LESS -> Values.compare(leftKind, left, rightKind, right) == -1;
        case LESS_OR_EQUAL -> isOrdered(leftKind, rightKind, 1);
        case GREATER -> Values.compare(leftKind, left, rightKind, right) == 1;
        case GREATER_OR_EQUAL -> isOrdered(leftKind, rightKind, -1);
      };
    }

    private boolean isOrdered(Kind leftKind, Kind rightKind, int excluded) {
      int order = Values.compare(leftKind, left, rightKind, right);
      return order != Values.UNORDERED && order != excluded;
    }
  }

  /** The most frequent comparison: text with a constant. */
  record TextEquals(Operand value, Literal constant) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return value.load(at) == Kind.STRING
          && Values.equal(Kind.STRING, value, Kind.STRING, constant);
    }
  }

  record InConstants(Operand value, Lists.Constant list) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      Kind kind = value.load(at);
      return kind != Kind.ABSENT && list.contains(kind, value);
    }
  }

  record TextIn(Operand value, TextSet set) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return value.load(at) == Kind.STRING && set.contains(value.buffer, value.start, value.length);
    }
  }

  /** Whether a list has the element. */
  record InElements(Operand value, Operand list, Lists.Elements elements) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      Kind kind = value.load(at);
      if (kind == Kind.ABSENT || list.load(at) != Kind.LIST) {
        return false;
      }
      int cursor = elements.advance(Values.view(list), Values.view(list).firstElement());
      while (cursor >= 0) {
        if (Values.equal(kind, value, elements.current(), elements)) {
          return true;
        }
        cursor = elements.advance(Values.view(list), cursor);
      }
      return false;
    }
  }

  record HasAttribute(Variable.AttributeMap.AttributeSource source, Literal key)
      implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return source.of(at).has(key.buffer);
    }
  }

  record HasValue(Operand value) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      return value.load(at) != Kind.ABSENT;
    }
  }

  enum TextRelation {
    STARTS_WITH,
    ENDS_WITH,
    CONTAINS
  }

  record TextTest(TextRelation relation, Operand text, Operand part) implements Condition {
    @Override
    public boolean test(OtlpCursor at) {
      if (text.load(at) != Kind.STRING || part.load(at) != Kind.STRING) {
        return false;
      }
      return switch (relation) {
        case STARTS_WITH -> Values.startsWith(text, part);
        case ENDS_WITH -> Values.endsWith(text, part);
        case CONTAINS -> Values.contains(text, part);
      };
    }
  }
}
