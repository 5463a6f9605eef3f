package dev.musa.sinks.files;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is renamed when it is full: {@code NAME.jsonl} is being written, {@code
 * NAME.1.jsonl} is the newest finished one. Not thread-safe.
 *
 * <p>A line is in it whole or not at all: what a failed write left is cut off at once, what a crash
 * left at the next start. Both are sent again, since they were not acknowledged.
 */
final class RotatingFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RotatingFile.class);
  private static final int SCAN_BYTES = 64 * 1024;

  private final Path directory;
  private final String name;
  private final FilesConfig config;
  private RandomAccessFile file;
  private long length;

  RotatingFile(FilesConfig config, String name) throws IOException {
    this.directory = config.directory();
    this.name = name;
    this.config = config;
    this.file = new RandomAccessFile(path(0).toFile(), "rw");
    this.length = repair();
  }

  /** Returns once the operating system has the line, or the disk if the configuration says so. */
  void append(byte[] line, int size) throws IOException {
    if (length > 0 && length + size > config.maxFileSize().bytes()) {
      rotate();
    }
    boolean whole = false;
    try {
      // Not a FileChannel: an interrupt would close it.
      file.seek(length);
      file.write(line, 0, size);
      if (config.fsync()) {
        file.getFD().sync();
      }
      whole = true;
    } finally {
      if (whole) {
        length += size;
      } else {
        cutOff();
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void cutOff() {
    try {
      file.setLength(length);
    } catch (IOException e) {
      // The next line is written over it, and a crash before that is repaired at the start.
      log.atWarn()
          .addKeyValue("file", path(0))
          .addKeyValue("fault", e.getMessage())
          .log("A half-written line could not be cut off");
    }
  }

  private void rotate() throws IOException {
    if (config.fsync()) {
      file.getFD().sync();
    }
    int last = lastNumber();
    if (config.maxFiles() > 0 && last >= config.maxFiles() - 1) {
      for (int number = Math.max(1, config.maxFiles() - 1); number <= last; number++) {
        Files.deleteIfExists(path(number));
      }
      last = config.maxFiles() - 2;
    }
    for (int number = last; number >= 1; number--) {
      if (Files.exists(path(number))) {
        Files.move(path(number), path(number + 1), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    if (config.maxFiles() == 1) {
      file.setLength(0);
    } else {
      Files.move(path(0), path(1), StandardCopyOption.ATOMIC_MOVE);
      var next = new RandomAccessFile(path(0).toFile(), "rw");
      file.close();
      file = next;
    }
    length = 0;
  }

  private int lastNumber() {
    int last = 0;
    while (Files.exists(path(last + 1))) {
      last++;
    }
    return last;
  }

  /** Cuts off what follows the last line's end; returns the length that is left. */
  private long repair() throws IOException {
    long end = file.length();
    long whole = endOfLastLine(end);
    if (whole < end) {
      file.setLength(whole);
      log.atInfo()
          .addKeyValue("file", path(0))
          .addKeyValue("bytes", end - whole)
          .log("Cut off a half-written line; its records are delivered again");
    }
    return whole;
  }

  private long endOfLastLine(long length) throws IOException {
    var buffer = new byte[SCAN_BYTES];
    for (long end = length; end > 0; ) {
      int size = (int) Math.min(SCAN_BYTES, end);
      file.seek(end - size);
      file.readFully(buffer, 0, size);
      for (int i = size - 1; i >= 0; i--) {
        if (buffer[i] == '\n') {
          return end - size + i + 1;
        }
      }
      end -= size;
    }
    return 0;
  }

  private Path path(int number) {
    return directory.resolve(number == 0 ? name + ".jsonl" : name + "." + number + ".jsonl");
  }
}
