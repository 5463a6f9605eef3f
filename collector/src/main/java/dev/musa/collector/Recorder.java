package dev.musa.collector;

import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import dev.musa.schemas.recording.RecordingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the requests that are accepted to a file, for the bench to replay. Never holds a request
 * up: what the disk cannot keep pace with is left out, and counted. Ends by itself at its size.
 */
final class Recorder implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recorder.class);

  /** Bytes that may wait for the disk. */
  private static final int WAITING = 32 << 20;

  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  private record Request(Signal signal, byte[] body) {}

  private final Path file;
  private final long maxBytes;
  private final RecordingWriter writer;

  /** Empty at the end. */
  private final BlockingQueue<Optional<Request>> queue = new LinkedBlockingQueue<>();

  private final Semaphore room = new Semaphore(WAITING);
  private final AtomicLong leftOut = new AtomicLong();
  private final Thread thread;
  private volatile boolean ended;

  /**
   * @throws StartupException if the file cannot be made, or is there already
   */
  Recorder(CollectorConfig.Recording recording, Path file) {
    this.file = file;
    this.maxBytes = recording.maxBytes().bytes();
    if (Files.exists(file)) {
      throw new StartupException(
          "collector.recording.file: %s exists (expected: a new file; move it away or name another)"
              .formatted(file));
    }
    try {
      writer = RecordingWriter.create(file);
    } catch (IOException e) {
      throw new StartupException(
          "collector.recording.file: %s cannot be written: %s".formatted(file, e), e);
    }
    log.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("maxBytes", maxBytes)
        .log("requests are recorded, with all that they hold");
    thread = Thread.ofPlatform().name("collector-recorder").daemon().start(this::run);
  }

  /** Takes a request whose bytes nobody changes any more. */
  void take(Signal signal, byte[] body) {
    if (ended) {
      return;
    }
    if (room.tryAcquire(body.length)) {
      queue.add(Optional.of(new Request(signal, body)));
    } else {
      leftOut.incrementAndGet();
    }
  }

  /** Writes what waits, as far as there is time. */
  @Override
  public void close() {
    queue.add(Optional.empty());
    try {
      if (!thread.join(END_LIMIT)) {
        log.atWarn().addKeyValue("file", file).log("the end of the recording is missing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long written = 0;
    long requests = 0;
    try (writer) {
      Optional<Request> next = queue.take();
      while (next.isPresent() && written < maxBytes) {
        byte[] body = next.get().body;
        writer.write(next.get().signal, body, 0, body.length);
        room.release(body.length);
        written += body.length;
        requests++;
        next = queue.take();
      }
    } catch (IOException e) {
      log.atError().addKeyValue("file", file).setCause(e).log("recording failed, it has ended");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended = true;
    queue.clear();
    log.atInfo()
        .addKeyValue("file", file)
        .addKeyValue("requests", requests)
        .addKeyValue("bytes", written)
        .addKeyValue("leftOut", leftOut)
        .log("recording has ended");
  }
}
