package dev.musa.schemas.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** Writes a message as JSON by its descriptor. */
final class JsonMessageWriter {
  private final JsonGenerator generator;

  JsonMessageWriter(JsonGenerator generator) {
    this.generator = generator;
  }

  void write(Message message) {
    generator.writeStartObject();
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      generator.writeName(field.getJsonName());
      if (field.isRepeated()) {
        generator.writeStartArray();
        for (Object element : (List<?>) entry.getValue()) {
          writeValue(field, element);
        }
        generator.writeEndArray();
      } else {
        writeValue(field, entry.getValue());
      }
    }
    generator.writeEndObject();
  }

  /** OTLP/JSON writes trace and span ids in hex and every other bytes field in base64. */
  static boolean isId(FieldDescriptor field) {
    return switch (field.getName()) {
      case "trace_id", "span_id", "parent_span_id" -> true;
      default -> false;
    };
  }

  private void writeValue(FieldDescriptor field, Object value) {
    switch (field.getType()) {
      case MESSAGE -> write((Message) value);
      case STRING -> generator.writeString((String) value);
      case BYTES -> writeBytes(field, (ByteString) value);
      case BOOL -> generator.writeBoolean((Boolean) value);
      case DOUBLE -> writeDouble((Double) value);
      case FIXED64, UINT64 -> generator.writeString(Long.toUnsignedString((Long) value));
      case INT64, SINT64, SFIXED64 -> generator.writeString(Long.toString((Long) value));
      case FIXED32, UINT32 -> generator.writeNumber(Integer.toUnsignedLong((Integer) value));
      case INT32, SINT32, SFIXED32 -> generator.writeNumber((Integer) value);
      case ENUM -> generator.writeNumber(((EnumValueDescriptor) value).getNumber());
      case FLOAT, GROUP ->
          throw new IllegalStateException("OTLP has no field of type " + field.getType());
    }
  }

  private void writeBytes(FieldDescriptor field, ByteString value) {
    if (isId(field)) {
      generator.writeString(HexFormat.of().formatHex(value.toByteArray()));
    } else {
      generator.writeBinary(value.toByteArray());
    }
  }

  /** The JSON mapping of protobuf has names for the values that JSON has no number for. */
  private void writeDouble(double value) {
    if (Double.isNaN(value)) {
      generator.writeString("NaN");
    } else if (Double.isInfinite(value)) {
      generator.writeString(value > 0 ? "Infinity" : "-Infinity");
    } else {
      generator.writeNumber(value);
    }
  }
}
