package dev.musa.schemas.recording;

import dev.musa.schemas.Signal;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes a recording: eight bytes {@value #MAGIC}, then of each request one byte for its signal (0
 * traces, 1 logs, 2 metrics), four bytes with its length, big-endian, and its bytes, uncompressed.
 * Thread-safe.
 */
public final class RecordingWriter implements AutoCloseable {
  static final String MAGIC = "MUSAREC1";

  private static final int BUFFER = 1 << 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final DataOutputStream out;

  private RecordingWriter(OutputStream out) throws IOException {
    this.out = new DataOutputStream(out);
    this.out.writeBytes(MAGIC);
  }

  /** Begins a file, in place of one that is there already. */
  public static RecordingWriter create(Path file) throws IOException {
    return new RecordingWriter(new BufferedOutputStream(Files.newOutputStream(file), BUFFER));
  }

  /** Adds a request, which lies in a part of the array. */
  public void write(Signal signal, byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      out.writeByte(SignalByte.of(signal));
      out.writeInt(length);
      out.write(bytes, offset, length);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      out.close();
    } finally {
      lock.unlock();
    }
  }
}
