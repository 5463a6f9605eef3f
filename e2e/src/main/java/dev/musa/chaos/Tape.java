package dev.musa.chaos;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Numbers in a file, in the order in which they came: what survives the driver. Nine bytes each: a
 * mark and a number. Thread-safe.
 */
final class Tape implements AutoCloseable {
  private static final int NUMBER_BYTES = Byte.BYTES + Long.BYTES;

  private final ReentrantLock lock = new ReentrantLock();
  private final DataOutputStream out;

  /** Takes a mark and a number. */
  interface Reader {
    void take(int mark, long number);
  }

  private Tape(DataOutputStream out) {
    this.out = out;
  }

  /** Goes on behind the last whole number. */
  static Tape append(Path file) {
    try {
      cutHalfNumber(file);
      return new Tape(
          new DataOutputStream(
              new BufferedOutputStream(
                  Files.newOutputStream(
                      file, StandardOpenOption.CREATE, StandardOpenOption.APPEND))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a driver that was killed may have left behind. */
  private static void cutHalfNumber(Path file) throws IOException {
    if (Files.exists(file)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(channel.size() / NUMBER_BYTES * NUMBER_BYTES);
      }
    }
  }

  static void read(Path file, Reader each) {
    if (!Files.exists(file)) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (true) {
        each.take(in.readUnsignedByte(), in.readLong());
      }
    } catch (EOFException _) {
      // What is left is no whole number.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void add(int mark, long number) {
    lock.lock();
    try {
      out.writeByte(mark);
      out.writeLong(number);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /** From now on what was added survives this process. */
  void flush() {
    lock.lock();
    try {
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }
}
