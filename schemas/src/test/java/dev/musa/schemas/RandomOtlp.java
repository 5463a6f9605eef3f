package dev.musa.schemas;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Random OTLP messages of every field, in every encoding that protobuf allows: fields in any order,
 * singular messages in several parts, unknown fields, packed and unpacked.
 */
public final class RandomOtlp {
  private static final long[] EXTREMES = {
    0, 1, -1, 127, 128, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MIN_VALUE
  };
  private static final String[] TEXTS = {
    "", "a", "service.name", "http.route", "ようこそ", "a\u0000b", "😀", "x".repeat(300)
  };

  private final Random random;
  private final boolean valid;

  private RandomOtlp(Random random, boolean valid) {
    this.random = random;
    this.valid = valid;
  }

  /** Any message; ids, keys and enums may be nonsense. */
  public static RandomOtlp any(long seed) {
    return new RandomOtlp(new Random(seed), false);
  }

  /** Only messages that the validator takes. */
  public static RandomOtlp valid(long seed) {
    return new RandomOtlp(new Random(seed), true);
  }

  public static Message prototype(Signal signal) {
    return switch (signal) {
      case TRACES -> TracesData.getDefaultInstance();
      case LOGS -> LogsData.getDefaultInstance();
      case METRICS -> MetricsData.getDefaultInstance();
    };
  }

  public Message message(Signal signal) {
    return message(prototype(signal), 0);
  }

  /** Encodes a message in a random one of its encodings. */
  public byte[] encode(Message message) {
    try {
      List<List<byte[]>> fields = new ArrayList<>();
      for (var entry : message.getAllFields().entrySet()) {
        fields.add(encodeField(entry.getKey(), entry.getValue()));
      }
      List<byte[]> unknown = new ArrayList<>();
      while (random.nextInt(6) == 0) {
        unknown.add(unknownField());
      }
      fields.add(unknown);
      return interleave(fields);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Message message(Message prototype, int depth) {
    Message.Builder builder = prototype.newBuilderForType();
    Descriptor type = prototype.getDescriptorForType();
    for (FieldDescriptor field : type.getFields()) {
      boolean container = depth < 4 && field.isRepeated() && depth != 3;
      boolean needed = valid && isNeeded(type, field);
      if (!needed && random.nextInt(container ? 10 : 3) == 0) {
        continue;
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && depth > 9) {
        continue;
      }
      if (field.getRealContainingOneof() != null
          && random.nextInt(field.getRealContainingOneof().getFieldCount()) != 0) {
        continue;
      }
      if (valid && field.getName().endsWith("_strindex")) {
        continue;
      }
      if (field.isRepeated()) {
        int count = random.nextInt(depth < 3 ? 4 : 3);
        for (int i = 0; i < count; i++) {
          builder.addRepeatedField(field, value(builder, type, field, depth));
        }
      } else {
        builder.setField(field, value(builder, type, field, depth));
      }
    }
    return builder.build();
  }

  private static boolean isNeeded(Descriptor type, FieldDescriptor field) {
    return switch (field.getName()) {
      case "trace_id", "span_id", "key" -> true;
      case "name" -> type.getName().equals("Metric");
      case "aggregation_temporality" -> true;
      default -> false;
    };
  }

  private Object value(Message.Builder parent, Descriptor type, FieldDescriptor field, int depth) {
    return switch (field.getType()) {
      case MESSAGE ->
          message(parent.newBuilderForField(field).getDefaultInstanceForType(), depth + 1);
      case STRING -> text(field);
      case BYTES -> bytes(type, field);
      case BOOL -> random.nextBoolean();
      case DOUBLE -> Double.longBitsToDouble(number());
      case ENUM ->
          field.getEnumType().findValueByNumberCreatingIfUnknown(valid ? 1 : random.nextInt(5));
      case FIXED32, UINT32, INT32, SINT32, SFIXED32 -> (int) number();
      case FIXED64, UINT64, INT64, SINT64, SFIXED64 -> number();
      case FLOAT, GROUP -> throw new IllegalStateException("OTLP has no " + field.getType());
    };
  }

  private String text(FieldDescriptor field) {
    if (valid && (field.getName().equals("key") || field.getName().equals("name"))) {
      return "k" + random.nextInt(5);
    }
    return TEXTS[random.nextInt(TEXTS.length)];
  }

  private ByteString bytes(Descriptor type, FieldDescriptor field) {
    int right = field.getName().equals("trace_id") ? 16 : 8;
    boolean optional = !type.getName().equals("Span") || field.getName().startsWith("parent");
    int length = valid ? (optional && random.nextBoolean() ? 0 : right) : random.nextInt(4) * 8;
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (valid && length > 0) {
      bytes[0] = 1;
    }
    return ByteString.copyFrom(bytes);
  }

  private long number() {
    return random.nextBoolean()
        ? EXTREMES[random.nextInt(EXTREMES.length)]
        : random.nextLong() >>> random.nextInt(64);
  }

  private List<byte[]> encodeField(FieldDescriptor field, Object value) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    List<?> elements = field.isRepeated() ? (List<?>) value : List.of(value);
    if (field.isPackable() && random.nextBoolean()) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      CodedOutputStream out = CodedOutputStream.newInstance(packed);
      for (Object element : elements) {
        writeScalar(out, field, element);
      }
      out.flush();
      parts.add(lengthDelimited(field.getNumber(), packed.toByteArray()));
      return parts;
    }
    for (Object element : elements) {
      if (element instanceof Message message) {
        for (byte[] part : split(field, encode(message), message)) {
          parts.add(lengthDelimited(field.getNumber(), part));
        }
      } else {
        parts.add(scalar(field, element));
      }
    }
    return parts;
  }

  /** A singular message may come in parts, which a parser merges. */
  private List<byte[]> split(FieldDescriptor field, byte[] whole, Message message) {
    if (field.isRepeated() || random.nextInt(4) != 0) {
      return List.of(whole);
    }
    Message.Builder first = message.newBuilderForType();
    Message.Builder second = message.toBuilder();
    for (var entry : message.getAllFields().entrySet()) {
      if (random.nextBoolean()) {
        first.setField(entry.getKey(), entry.getValue());
        second.clearField(entry.getKey());
      }
    }
    return List.of(encode(first.build()), encode(second.build()));
  }

  private byte[] scalar(FieldDescriptor field, Object element) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeUInt32NoTag(field.getNumber() << 3 | field.getLiteType().getWireType());
    writeScalar(out, field, element);
    out.flush();
    return bytes.toByteArray();
  }

  private static void writeScalar(CodedOutputStream out, FieldDescriptor field, Object value)
      throws IOException {
    switch (field.getType()) {
      case STRING -> out.writeStringNoTag((String) value);
      case BYTES -> out.writeBytesNoTag((ByteString) value);
      case BOOL -> out.writeBoolNoTag((Boolean) value);
      case DOUBLE -> out.writeDoubleNoTag((Double) value);
      case ENUM ->
          out.writeEnumNoTag(
              ((com.google.protobuf.Descriptors.EnumValueDescriptor) value).getNumber());
      case FIXED32 -> out.writeFixed32NoTag((Integer) value);
      case SFIXED32 -> out.writeSFixed32NoTag((Integer) value);
      case UINT32 -> out.writeUInt32NoTag((Integer) value);
      case INT32 -> out.writeInt32NoTag((Integer) value);
      case SINT32 -> out.writeSInt32NoTag((Integer) value);
      case FIXED64 -> out.writeFixed64NoTag((Long) value);
      case SFIXED64 -> out.writeSFixed64NoTag((Long) value);
      case UINT64 -> out.writeUInt64NoTag((Long) value);
      case INT64 -> out.writeInt64NoTag((Long) value);
      case SINT64 -> out.writeSInt64NoTag((Long) value);
      case FLOAT, GROUP, MESSAGE -> throw new IllegalStateException("no scalar: " + field);
    }
  }

  private static byte[] lengthDelimited(int field, byte[] payload) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(field, payload);
    out.flush();
    return bytes.toByteArray();
  }

  private byte[] unknownField() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    int number = 1000 + random.nextInt(100);
    switch (random.nextInt(5)) {
      case 0 -> out.writeUInt64(number, number());
      case 1 -> out.writeFixed64(number, number());
      case 2 -> out.writeFixed32(number, (int) number());
      case 3 -> out.writeByteArray(number, new byte[random.nextInt(200)]);
      default -> {
        out.writeTag(number, 3);
        out.writeString(7, "in a group");
        out.writeTag(number, 4);
      }
    }
    out.flush();
    return bytes.toByteArray();
  }

  private byte[] interleave(List<List<byte[]>> fields) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      order.addAll(Collections.nCopies(fields.get(i).size(), i));
    }
    if (random.nextBoolean()) {
      Collections.shuffle(order, random);
    }
    int[] position = new int[fields.size()];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int field : order) {
      bytes.writeBytes(fields.get(field).get(position[field]++));
    }
    return bytes.toByteArray();
  }
}
