package dev.musa.schemas.wire;

/**
 * How the fields of one message type look when they are encoded in the usual way, by their tag, so
 * that they can be passed over without the general machinery. What is not plain is no fault: it
 * goes the general way.
 */
final class PlainFields {
  /** Goes the general way. */
  static final int OTHER = 0;

  static final int VARINT = 1;
  static final int FIXED64 = 2;
  static final int FIXED32 = 3;
  static final int TEXT = 4;

  /** A KeyValue. */
  static final int ATTRIBUTE = 5;

  /** An AnyValue. */
  static final int VALUE = 6;

  /** 16 bytes, not all zero. */
  static final int TRACE_ID = 7;

  /** 8 bytes, not all zero. */
  static final int SPAN_ID = 8;

  /** Any bytes. */
  private static final int BYTES = 9;

  /** Tags of fields 1 to 31, in one byte or two. */
  private static final int TAGS = 256;

  /** Of any message, whatever its fields are: nothing is checked but where they end. */
  static final PlainFields UNCHECKED = new PlainFields();

  private final byte[] kinds = new byte[TAGS];

  private PlainFields() {
    for (int tag = 1 << 3; tag < TAGS; tag++) {
      kinds[tag] = (byte) ((tag & 7) == FieldReader.LENGTH ? BYTES : fixedOrVarint(tag & 7));
    }
  }

  PlainFields(MessageRules rules) {
    for (int tag = 0; tag < TAGS; tag++) {
      int field = tag >>> 3;
      int wireType = tag & 7;
      if (rules.knows(field) && rules.accepts(field, wireType)) {
        kinds[tag] = (byte) kind(rules, field, wireType);
      }
    }
  }

  private static int kind(MessageRules rules, int field, int wireType) {
    return switch (rules.content(field)) {
      case ANY -> fixedOrVarint(wireType);
      case TEXT -> TEXT;
      case MESSAGE ->
          rules.message(field).isKeyValue
              ? ATTRIBUTE
              : rules.message(field).isAnyValue ? VALUE : OTHER;
      case TRACE_ID, LINKED_TRACE_ID -> TRACE_ID;
      case SPAN_ID, PARENT_SPAN_ID, LINKED_SPAN_ID -> SPAN_ID;
      case KEY, SPECIFIED -> OTHER;
    };
  }

  private static int fixedOrVarint(int wireType) {
    return switch (wireType) {
      case FieldReader.VARINT -> VARINT;
      case FieldReader.FIXED64 -> FIXED64;
      case FieldReader.FIXED32 -> FIXED32;
      default -> OTHER;
    };
  }

  /** What a field with this tag usually is. */
  int kind(int tag) {
    return tag < TAGS ? kinds[tag] : OTHER;
  }

  /** Whether the content of a length-delimited field is plain and valid; says nothing if not. */
  static boolean isPlain(int kind, byte[] bytes, int from, int to) {
    return switch (kind) {
      case TEXT -> OtlpValidator.isAscii(bytes, from, to);
      case ATTRIBUTE -> PlainAttribute.isValid(bytes, from, to);
      case VALUE -> from < to && PlainAttribute.isValidValue(bytes, from, to);
      case TRACE_ID ->
          to - from == 16
              && (FieldReader.fixed64(bytes, from) | FieldReader.fixed64(bytes, from + 8)) != 0;
      case SPAN_ID -> to - from == 8 && FieldReader.fixed64(bytes, from) != 0;
      case BYTES -> true;
      default -> false;
    };
  }
}
