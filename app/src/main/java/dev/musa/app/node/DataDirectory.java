package dev.musa.app.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The directory of everything durable, locked by this process for as long as it is open, in the
 * format that this version reads.
 */
final class DataDirectory implements AutoCloseable {
  static final String FORMAT = "1";
  private static final String KEY = "node.data";

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /** Creates the directory if it is missing, locks it and checks its format. */
  static DataDirectory open(Path path) {
    Path root = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(root);
      FileChannel lock = lock(root);
      try {
        checkFormat(root);
        Path logs = Files.createDirectories(root.resolve("kafka"));
        if (!Files.isWritable(logs)) {
          throw new AccessDeniedException(logs.toString());
        }
        return new DataDirectory(root, lock);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StartupException(
          KEY
              + ": "
              + root
              + " cannot be written ("
              + describe(e)
              + "): make it writable for this user, or name another directory");
    }
  }

  Path root() {
    return root;
  }

  /** Where Kafka keeps its logs. */
  Path logs() {
    return root.resolve("kafka");
  }

  /** Ends the lock; the lock file stays, because a waiting process may hold it open already. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileChannel lock(Path root) throws IOException {
    Path file = root.resolve("musa.lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      String owner = Files.readString(file).strip();
      channel.close();
      throw new StartupException(
          KEY
              + ": "
              + root
              + " is in use by another MUSA"
              + (owner.isEmpty() ? "" : " (process " + owner + ")")
              + ": stop that one, or name another directory");
    }
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)));
    return channel;
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false; // held by this very process
    }
  }

  private static void checkFormat(Path root) throws IOException {
    Path file = root.resolve("musa.version");
    if (!Files.exists(file)) {
      if (Files.exists(root.resolve("kafka"))) {
        throw otherFormat(root, "unknown (musa.version is missing)");
      }
      Path written = root.resolve("musa.version.new");
      Files.writeString(written, FORMAT + "\n");
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    String found = Files.readString(file).strip();
    if (!found.equals(FORMAT)) {
      throw otherFormat(root, found);
    }
  }

  private static StartupException otherFormat(Path root, String found) {
    return new StartupException(
        KEY
            + ": "
            + root
            + " holds data of format "
            + found
            + ", this MUSA reads format "
            + FORMAT
            + ": start the version that wrote it, or name an empty directory");
  }

  /** The exception's message is often only a path; its class says what is wrong with it. */
  private static String describe(IOException e) {
    String kind = e.getClass().getSimpleName().replaceFirst("Exception$", "");
    return e.getMessage() == null ? kind : kind + ": " + e.getMessage();
  }
}
