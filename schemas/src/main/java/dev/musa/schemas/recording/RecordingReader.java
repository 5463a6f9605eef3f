package dev.musa.schemas.recording;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.musa.schemas.Signal;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a recording request by request. */
public final class RecordingReader implements AutoCloseable {
  private static final int HEADER = 1 + Integer.BYTES;

  private final Path file;
  private final DataInputStream in;
  private final long size;
  private long position = RecordingWriter.MAGIC.length();

  /** One request. */
  // Whoever reads it owns the bytes.
  @SuppressWarnings("ArrayRecordComponent")
  public record Request(Signal signal, byte[] bytes) {}

  /**
   * Opens a file.
   *
   * @throws IOException if it cannot be read or is no recording
   */
  public RecordingReader(Path file) throws IOException {
    this.file = file;
    this.size = Files.size(file);
    this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
    byte[] found = in.readNBytes(RecordingWriter.MAGIC.length());
    if (!RecordingWriter.MAGIC.equals(new String(found, US_ASCII))) {
      in.close();
      throw new IOException(
          file + " is no recording (expected: " + RecordingWriter.MAGIC + " at its beginning)");
    }
  }

  /** The next request, or null at the end. What was cut off there, as by a crash, is left out. */
  public @Nullable Request next() throws IOException {
    if (size - position < HEADER) {
      return null;
    }
    int code = in.readUnsignedByte();
    int length = in.readInt();
    Signal signal = SignalByte.signal(code);
    if (signal == null || length < 0) {
      throw new IOException(
          "%s at byte %d: signal %d with %d bytes (expected: signal 0 to %d, at least 0 bytes)"
              .formatted(file, position, code, length, SignalByte.HIGHEST));
    }
    position += HEADER;
    if (size - position < length) {
      position = size;
      return null;
    }
    position += length;
    return new Request(signal, in.readNBytes(length));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
