package dev.musa.schemas.json;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.musa.schemas.wire.MalformedOtlpException;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads JSON into a message by its descriptor. */
final class JsonMessageReader {
  /** Well inside protobuf's own limit, which counts the same levels. */
  private static final int MAX_DEPTH = 90;

  private final JsonParser parser;
  private int depth;

  JsonMessageReader(JsonParser parser) {
    this.parser = parser;
  }

  void readDocument(Message.Builder into) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("request", "an object");
    }
    readObject(into);
    if (parser.nextToken() != null) {
      throw malformed("request", "nothing behind the object");
    }
  }

  private void readObject(Message.Builder into) {
    if (++depth > MAX_DEPTH) {
      throw new MalformedOtlpException("JSON is nested deeper than " + MAX_DEPTH, offset());
    }
    String name;
    while ((name = parser.nextName()) != null) {
      FieldDescriptor field = fieldOf(into, name);
      JsonToken token = parser.nextToken();
      if (field == null) {
        parser.skipChildren();
      } else if (token != JsonToken.VALUE_NULL) {
        readField(into, field, token);
      }
    }
    depth--;
  }

  private void readField(Message.Builder into, FieldDescriptor field, JsonToken token) {
    if (!field.isRepeated()) {
      into.setField(field, value(into, field, token));
      return;
    }
    if (token != JsonToken.START_ARRAY) {
      throw malformed(field.getJsonName(), "an array");
    }
    JsonToken element;
    while ((element = parser.nextToken()) != JsonToken.END_ARRAY) {
      if (element != JsonToken.VALUE_NULL) {
        into.addRepeatedField(field, value(into, field, element));
      }
    }
  }

  private Object value(Message.Builder into, FieldDescriptor field, JsonToken token) {
    return switch (field.getType()) {
      case MESSAGE -> message(into, field, token);
      case STRING -> text(field, token);
      case BYTES -> bytes(field, text(field, token));
      case BOOL -> bool(field, token);
      case DOUBLE -> decimal(field, token);
      case FIXED64, UINT64 -> unsigned64(field, integerText(field, token));
      case INT64, SINT64, SFIXED64 -> signed64(field, integerText(field, token));
      case FIXED32, UINT32 -> (int) ranged(field, token, 0, 0xffffffffL);
      case INT32, SINT32, SFIXED32 ->
          (int) ranged(field, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case ENUM -> enumeration(field, token);
      case FLOAT, GROUP ->
          throw new IllegalStateException("OTLP has no field of type " + field.getType());
    };
  }

  private Message message(Message.Builder into, FieldDescriptor field, JsonToken token) {
    if (token != JsonToken.START_OBJECT) {
      throw malformed(field.getJsonName(), "an object");
    }
    Message.Builder nested = into.newBuilderForField(field);
    readObject(nested);
    return nested.build();
  }

  private Object enumeration(FieldDescriptor field, JsonToken token) {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw malformed(field.getJsonName(), "an integer, as OTLP/JSON has no enum names");
    }
    long number = ranged(field, token, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return field.getEnumType().findValueByNumberCreatingIfUnknown((int) number);
  }

  private String text(FieldDescriptor field, JsonToken token) {
    if (token != JsonToken.VALUE_STRING) {
      throw malformed(field.getJsonName(), "a string");
    }
    return parser.getString();
  }

  private ByteString bytes(FieldDescriptor field, String text) {
    boolean hex = JsonMessageWriter.isId(field);
    try {
      return ByteString.copyFrom(
          hex ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException _) {
      throw malformed(field.getJsonName(), hex ? "hex digits" : "base64");
    }
  }

  private boolean bool(FieldDescriptor field, JsonToken token) {
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw malformed(field.getJsonName(), "true or false");
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private double decimal(FieldDescriptor field, JsonToken token) {
    if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
      return parser.getDoubleValue();
    }
    String text = text(field, token);
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw malformed(field.getJsonName(), "a number");
    }
  }

  private String integerText(FieldDescriptor field, JsonToken token) {
    if (token != JsonToken.VALUE_STRING && token != JsonToken.VALUE_NUMBER_INT) {
      throw malformed(field.getJsonName(), "an integer");
    }
    return parser.getString();
  }

  private long unsigned64(FieldDescriptor field, String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException _) {
      throw malformed(field.getJsonName(), "an integer from 0 to 2^64-1");
    }
  }

  private long signed64(FieldDescriptor field, String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw malformed(field.getJsonName(), "an integer of 64 bits");
    }
  }

  private long ranged(FieldDescriptor field, JsonToken token, long from, long to) {
    long number = signed64(field, integerText(field, token));
    if (number < from || number > to) {
      throw malformed(field.getJsonName(), "an integer from " + from + " to " + to);
    }
    return number;
  }

  private MalformedOtlpException malformed(String name, String expected) {
    return new MalformedOtlpException(
        name + ": " + parser.currentToken() + " (expected: " + expected + ")", offset());
  }

  private int offset() {
    return (int) Math.max(0, parser.currentTokenLocation().getByteOffset());
  }

  private static @Nullable FieldDescriptor fieldOf(Message.Builder message, String name) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJsonName().equals(name)) {
        return field;
      }
    }
    return null;
  }
}
