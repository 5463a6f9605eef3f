package dev.musa.schemas.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Protobuf messages in memory. */
public final class ProtoBytes {
  private static final int USUAL_SIZE = 256;

  private ProtoBytes() {}

  /** Writes the fields of a message. */
  @FunctionalInterface
  public interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  /** Reads the fields of a message. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(CodedInputStream in) throws IOException;
  }

  /** The bytes of a message. */
  public static byte[] written(Writing content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, USUAL_SIZE);
      content.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /** Writes a message as a field of another one. */
  public static void nested(CodedOutputStream out, int field, Writing content) throws IOException {
    out.writeByteArray(field, written(content));
  }
}
