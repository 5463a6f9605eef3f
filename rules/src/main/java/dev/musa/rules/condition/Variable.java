package dev.musa.rules.condition;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Text;
import java.util.function.Supplier;

/** One name of the vocabulary: its type for the checker and where its value comes from. */
sealed interface Variable {
  CelType TEXT = SimpleType.STRING;
  CelType WHOLE_NUMBER = SimpleType.INT;
  CelType DURATION = SimpleType.DURATION;
  CelType ATTRIBUTE_MAP = MapType.create(SimpleType.STRING, SimpleType.DYN);

  String name();

  CelType type();

  Level level();

  /** A field that holds text; unset fields are the empty text, as in protobuf. */
  record TextField(String name, Level level, TextSource source) implements Variable {
    interface TextSource {
      Text of(OtlpCursor at);
    }

    @Override
    public CelType type() {
      return TEXT;
    }
  }

  /** A field that holds a number, or nanoseconds if its type is a duration. */
  record NumberField(String name, CelType type, Level level, NumberSource source)
      implements Variable {
    interface NumberSource {
      long of(OtlpCursor at);
    }
  }

  /** A set of attributes. */
  record AttributeMap(String name, Level level, AttributeSource source) implements Variable {
    interface AttributeSource {
      Attributes of(OtlpCursor at);
    }

    @Override
    public CelType type() {
      return ATTRIBUTE_MAP;
    }
  }

  /** A value of any type, with scratch space of its own: made anew for each use. */
  record AnyField(String name, Level level, Supplier<Operand> operand) implements Variable {
    @Override
    public CelType type() {
      return SimpleType.DYN;
    }
  }
}
