package dev.musa.sinks.files;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.json.OtlpJson;
import dev.musa.schemas.wire.MalformedOtlpException;
import dev.musa.sinks.backend.Answer;
import dev.musa.sinks.backend.Backend;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes each request as one line of OTLP JSON. */
public final class FilesBackend implements Backend {
  private static final Logger log = LoggerFactory.getLogger(FilesBackend.class);

  private final FileChannel lockChannel;
  private final Map<Signal, Output> outputs = new EnumMap<>(Signal.class);

  /**
   * @throws StartupException if the directory cannot be written, or another process writes it
   */
  public FilesBackend(FilesConfig config) {
    try {
      Files.createDirectories(config.directory());
      this.lockChannel = lock(config.directory());
      for (var signal : Signal.values()) {
        outputs.put(signal, new Output(signal, new RotatingFile(config, signal.label())));
      }
    } catch (IOException e) {
      throw new StartupException(
          "sinks.files.directory: "
              + config.directory()
              + " cannot be written: "
              + e.getMessage()
              + " (choose a directory that this user may write)");
    }
  }

  @Override
  public String orgId(String tenant) {
    return "";
  }

  @Override
  public Answer deliver(Signal signal, String orgId, byte[] request) throws InterruptedException {
    return Objects.requireNonNull(outputs.get(signal), "output").write(request);
  }

  @Override
  public void close() {
    try {
      for (var output : outputs.values()) {
        output.close();
      }
      lockChannel.close();
    } catch (IOException e) {
      log.atWarn().addKeyValue("fault", e.getMessage()).log("A file was not closed");
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      channel.close();
      throw new StartupException(
          "sinks.files.directory: "
              + directory
              + " is written by another sink (stop that one, or give this one a directory of its"
              + " own)");
    }
    return channel;
  }

  /** The lock lives as long as the channel. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException inThisProcess) {
      return null;
    }
  }

  /** The file of one signal. Encoding goes on beside writing; lines follow one another. */
  private static final class Output {
    private final Signal signal;
    private final RotatingFile file;
    private final ReentrantLock lock = new ReentrantLock();

    Output(Signal signal, RotatingFile file) {
      this.signal = signal;
      this.file = file;
    }

    Answer write(byte[] request) throws InterruptedException {
      var line = new Line(request.length * 2);
      try {
        OtlpJson.writeLine(signal, request, line);
      } catch (MalformedOtlpException e) {
        return new Answer.Bisect(false, "malformed", String.valueOf(e.getMessage()));
      } catch (IOException e) {
        throw new UncheckedIOException("a buffer in memory does not fail", e);
      }
      lock.lockInterruptibly();
      try {
        file.append(line.buffer(), line.size());
        return Answer.DELIVERED;
      } catch (IOException e) {
        return new Answer.Retry(Duration.ZERO, "io", String.valueOf(e.getMessage()));
      } finally {
        lock.unlock();
      }
    }

    void close() throws IOException {
      lock.lock();
      try {
        file.close();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A buffer whose bytes can be written without copying them once more. */
  private static final class Line extends ByteArrayOutputStream {
    Line(int size) {
      super(size);
    }

    byte[] buffer() {
      return buf;
    }
  }
}
