package dev.musa.schemas.wire;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the fields of one message type have to be, read from its descriptor once. */
final class MessageRules {
  /** What a field has to be beyond its wire type. */
  enum Content {
    ANY,
    TEXT,
    MESSAGE,
    /** Key of a resource's, scope's or item's attribute. */
    KEY,
    /** 16 bytes, not all zero. */
    TRACE_ID,
    /** 8 bytes, not all zero. */
    SPAN_ID,
    /** Nothing or 8 bytes. */
    PARENT_SPAN_ID,
    /** Nothing or 16 bytes. */
    LINKED_TRACE_ID,
    /** Nothing or 8 bytes. */
    LINKED_SPAN_ID,
    /** An enum value other than 0. */
    SPECIFIED
  }

  /** The field of KeyValue that holds its key. */
  static final int KEY_FIELD = 1;

  private static final byte UNKNOWN = -1;

  final String name;
  final boolean isKeyValue;
  final boolean isAnyValue;
  private byte[] wireTypes = {};
  private boolean[] packable = {};
  private Content[] contents = {};
  private @Nullable MessageRules[] messages = {};
  private @Nullable PlainFields plain;

  private MessageRules(String name) {
    this.name = name;
    this.isKeyValue = name.equals("KeyValue");
    this.isAnyValue = name.equals("AnyValue");
  }

  static MessageRules of(Descriptor descriptor) {
    return of(descriptor, new HashMap<>());
  }

  /** What the fields usually look like. */
  PlainFields plain() {
    PlainFields fields = plain;
    if (fields == null) {
      fields = new PlainFields(this);
      plain = fields;
    }
    return fields;
  }

  boolean knows(int field) {
    return field < wireTypes.length && wireTypes[field] != UNKNOWN;
  }

  boolean accepts(int field, int wireType) {
    return wireTypes[field] == wireType || (packable[field] && wireType == FieldReader.LENGTH);
  }

  /** True if messages of this type say how their values add up over time. */
  boolean hasTemporality() {
    return Arrays.asList(contents).contains(Content.SPECIFIED);
  }

  Content content(int field) {
    return contents[field];
  }

  /** The rules of a field's message type; only for fields with content {@link Content#MESSAGE}. */
  MessageRules message(int field) {
    MessageRules rules = messages[field];
    if (rules == null) {
      throw new IllegalArgumentException("field " + field + " of " + name + " is no message");
    }
    return rules;
  }

  private static MessageRules of(Descriptor descriptor, Map<String, MessageRules> known) {
    MessageRules existing = known.get(descriptor.getFullName());
    if (existing != null) {
      return existing;
    }
    MessageRules rules = new MessageRules(descriptor.getName());
    known.put(descriptor.getFullName(), rules);
    int highest =
        descriptor.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    rules.wireTypes = new byte[highest + 1];
    Arrays.fill(rules.wireTypes, UNKNOWN);
    rules.packable = new boolean[highest + 1];
    rules.contents = new Content[highest + 1];
    Arrays.fill(rules.contents, Content.ANY);
    rules.messages = new MessageRules[highest + 1];
    for (FieldDescriptor field : descriptor.getFields()) {
      int number = field.getNumber();
      rules.wireTypes[number] = (byte) field.getLiteType().getWireType();
      rules.packable[number] = field.isPackable();
      rules.contents[number] = contentOf(descriptor.getName(), field);
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        rules.messages[number] = of(field.getMessageType(), known);
      }
    }
    return rules;
  }

  private static Content contentOf(String message, FieldDescriptor field) {
    boolean isSpan = message.equals("Span");
    return switch (field.getName()) {
      case "trace_id" -> isSpan ? Content.TRACE_ID : Content.LINKED_TRACE_ID;
      case "span_id" -> isSpan ? Content.SPAN_ID : Content.LINKED_SPAN_ID;
      case "parent_span_id" -> Content.PARENT_SPAN_ID;
      case "aggregation_temporality" -> Content.SPECIFIED;
      case "key" -> Content.KEY;
      default ->
          switch (field.getJavaType()) {
            case STRING -> Content.TEXT;
            case MESSAGE -> Content.MESSAGE;
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, BYTE_STRING, ENUM -> Content.ANY;
          };
    };
  }
}
