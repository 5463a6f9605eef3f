package dev.musa.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file system of its own for one directory, in memory, so that it can be full or read-only while
 * nothing else on this machine is.
 */
final class SmallDisk implements AutoCloseable {
  private static final int MEBIBYTE = 1 << 20;
  private static final int LAST_BYTES = 1 << 12;

  private final Path directory;

  private SmallDisk(Path directory) {
    this.directory = directory;
  }

  /**
   * Mounts it, unless a driver that was killed has left it there.
   *
   * @throws ChaosException if this user may not mount
   */
  static SmallDisk mount(Path directory, int mebibytes) throws InterruptedException {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      if (!isMounted(absolute)) {
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", absolute.toString());
      } else {
        // As it may have been left, it cannot be written.
        run("mount", "-o", "remount,rw", absolute.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new SmallDisk(absolute);
  }

  private static boolean isMounted(Path directory) throws IOException {
    Path mounts = Path.of("/proc/self/mounts");
    return Files.exists(mounts)
        && Files.readAllLines(mounts).stream()
            .anyMatch(line -> line.contains(" " + directory + " "));
  }

  /** Leaves no room for anything. */
  void fill() {
    for (int size : List.of(MEBIBYTE, LAST_BYTES)) {
      long written = -1;
      for (long now = 0; now != written; now = append(new byte[size])) {
        written = now;
      }
    }
  }

  /** Adds to the ballast for as long as there is room; returns its size. */
  private long append(byte[] block) {
    Path ballast = ballast();
    try (OutputStream out =
        Files.newOutputStream(ballast, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException _) {
      // Full, as it should be.
      return ballast.toFile().length();
    }
  }

  /** As it was before {@link #fill}. */
  void empty() {
    try {
      Files.deleteIfExists(ballast());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Only while nobody has it open for writing. */
  void writable(boolean writable) throws InterruptedException {
    run("mount", "-o", "remount," + (writable ? "rw" : "ro"), directory.toString());
  }

  private Path ballast() {
    return directory.resolve("ballast");
  }

  private static void run(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = String.join("; ", process.inputReader().lines().toList());
      if (process.waitFor() != 0) {
        throw new ChaosException(String.join(" ", command) + ": " + said);
      }
    } catch (IOException e) {
      throw new ChaosException(String.join(" ", command) + ": " + e.getMessage());
    }
  }

  /** With everything in it. */
  @Override
  public void close() {
    try {
      run("umount", directory.toString());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
