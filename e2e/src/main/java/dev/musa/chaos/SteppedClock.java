package dev.musa.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The system's clock, set forward or back by what a file says: that of all parts of a plant, which
 * the driver sets as an operator or NTP would.
 */
final class SteppedClock implements InstantSource {
  private static final long LOOK_EVERY_NANOS = Duration.ofMillis(100).toNanos();

  private final Path file;
  private volatile Reading reading;

  private record Reading(long nanos, long offsetMillis) {}

  SteppedClock(Path file) {
    this.file = file;
    this.reading = new Reading(System.nanoTime(), read(file));
  }

  /** Sets the clocks that follow the file, at once. */
  static void set(Path file, Duration offset) {
    try {
      Path fresh = Path.of(file + ".new");
      Files.writeString(fresh, Long.toString(offset.toMillis()));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis());
  }

  @Override
  public long millis() {
    Reading last = reading;
    long now = System.nanoTime();
    if (now - last.nanos > LOOK_EVERY_NANOS) {
      last = new Reading(now, read(file));
      reading = last;
    }
    return System.currentTimeMillis() + last.offsetMillis;
  }

  private static long read(Path file) {
    try {
      return Long.parseLong(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
