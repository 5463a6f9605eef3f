package dev.musa.rules.condition;

import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.OtlpCursor;
import org.jspecify.annotations.Nullable;

/** Operands that read the current item. */
final class Fields {
  private Fields() {}

  static final class TextValue extends Operand {
    private final Variable.TextField.TextSource source;

    TextValue(Variable.TextField.TextSource source) {
      this.source = source;
    }

    @Override
    Kind load(OtlpCursor at) {
      return hold(source.of(at));
    }
  }

  static final class NumberValue extends Operand {
    private final Variable.NumberField.NumberSource source;
    private final Kind kind;

    NumberValue(Variable.NumberField.NumberSource source, Kind kind) {
      this.source = source;
      this.kind = kind;
    }

    @Override
    Kind load(OtlpCursor at) {
      hold(source.of(at));
      return kind;
    }
  }

  /** Looks an attribute up once for each item, or resource, however many conditions ask for it. */
  static final class Attribute extends Operand {
    private final Variable.AttributeMap.AttributeSource source;
    private final byte[] key;
    private final AnyValueView value = new AnyValueView();
    private @Nullable Attributes loadedFrom;
    private long loadedVersion;
    private Kind kind = Kind.ABSENT;

    Attribute(Variable.AttributeMap.AttributeSource source, byte[] key) {
      this.source = source;
      this.key = key;
    }

    @Override
    Kind load(OtlpCursor at) {
      Attributes attributes = source.of(at);
      if (attributes != loadedFrom || attributes.version() != loadedVersion) {
        kind = attributes.find(key, value) ? hold(value) : Kind.ABSENT;
        loadedFrom = attributes;
        loadedVersion = attributes.version();
      }
      return kind;
    }
  }

  /** The body of a log record, absent if it has no value. */
  static final class Body extends Operand {
    @Override
    Kind load(OtlpCursor at) {
      Kind kind = hold(at.logRecord().body());
      return kind == Kind.NULL ? Kind.ABSENT : kind;
    }
  }

  /** The value of a key in a key-value list. */
  static final class Entry extends Operand {
    private final Operand map;
    private final byte[] key;
    private final AnyValueView value = new AnyValueView();

    Entry(Operand map, byte[] key) {
      this.map = map;
      this.key = key;
    }

    @Override
    Kind load(OtlpCursor at) {
      return map.load(at) == Kind.MAP && Values.view(map).find(key, value)
          ? hold(value)
          : Kind.ABSENT;
    }
  }

  /** An element of a list; there is none at an index outside. */
  static final class Element extends Operand {
    private final Operand list;
    private final long index;
    private final AnyValueView value = new AnyValueView();

    Element(Operand list, long index) {
      this.list = list;
      this.index = index;
    }

    @Override
    Kind load(OtlpCursor at) {
      if (list.load(at) != Kind.LIST) {
        return Kind.ABSENT;
      }
      AnyValueView elements = Values.view(list);
      int cursor = elements.firstElement();
      for (long i = 0; i <= index && cursor >= 0; i++) {
        cursor = elements.nextElement(cursor, value);
      }
      return cursor < 0 ? Kind.ABSENT : hold(value);
    }
  }

  /** The number of code points, bytes, elements or entries. */
  static final class Size extends Operand {
    private final Operand of;

    Size(Operand of) {
      this.of = of;
    }

    @Override
    Kind load(OtlpCursor at) {
      return switch (of.load(at)) {
        case STRING -> hold((long) Values.codePoints(of.buffer, of.start, of.length));
        case BYTES -> hold((long) of.length);
        case LIST, MAP -> hold((long) Values.view(of).size());
        default -> Kind.ABSENT;
      };
    }
  }
}
