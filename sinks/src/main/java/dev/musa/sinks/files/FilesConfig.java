package dev.musa.sinks.files;

import dev.musa.runtime.config.DataSize;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The sink that writes OTLP JSON lines to {@code traces.jsonl}, {@code logs.jsonl} and {@code
 * metrics.jsonl}.
 *
 * @param enabled null: on if no other sink is configured
 * @param directory created if it is missing
 * @param maxFileSize a file is closed and renamed to {@code traces.1.jsonl} before it grows larger
 * @param maxFiles files kept per signal, the one being written among them; 0 keeps all
 * @param fsync whether every batch waits for the disk, so that it outlives a power failure; without
 *     it, it outlives a crash of the process
 */
public record FilesConfig(
    @Nullable Boolean enabled, Path directory, DataSize maxFileSize, int maxFiles, boolean fsync) {

  private static final long SMALLEST_FILE = 64 * 1024;

  public FilesConfig {
    if (maxFileSize.bytes() < SMALLEST_FILE) {
      throw new IllegalArgumentException(
          "maxFileSize is " + maxFileSize + " (expected: at least 64KiB)");
    }
    if (maxFiles < 0) {
      throw new IllegalArgumentException(
          "maxFiles is " + maxFiles + " (expected: 0 to keep all, or a number of files)");
    }
  }

  public static FilesConfig defaults() {
    return new FilesConfig(null, Path.of("data", "out"), DataSize.ofMebibytes(100), 10, false);
  }
}
