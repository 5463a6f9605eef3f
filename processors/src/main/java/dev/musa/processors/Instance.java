package dev.musa.processors;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the processes with the same job this is: unique among them, and the same again after a
 * restart, as static membership and transactional ids demand. Holds its state directory as long as
 * it is open.
 */
public final class Instance implements AutoCloseable {
  private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9._-]{1,100}");

  /**
   * The name of a pod of a StatefulSet ends in its ordinal; the names that other controllers give
   * end in five characters.
   */
  private static final Pattern ORDINAL = Pattern.compile(".+-(0|[1-9][0-9]{0,3})");

  private final String id;
  private final FileChannel lockFile;

  private Instance(String id, FileChannel lockFile) {
    this.id = id;
    this.lockFile = lockFile;
  }

  /**
   * Takes the state directory and finds the id: the configured one, else the ordinal of a
   * StatefulSet's pod, else one that is made up once and kept in the directory.
   *
   * @param configured empty if none is configured
   * @throws StartupException if another process has the directory, or it cannot be used
   */
  public static Instance claim(String configured, Path stateDir, Map<String, String> environment) {
    FileChannel lockFile = lock(stateDir);
    try {
      return new Instance(idOf(configured, stateDir, environment), lockFile);
    } catch (RuntimeException e) {
      release(lockFile);
      throw e;
    }
  }

  public String id() {
    return id;
  }

  @Override
  public void close() {
    release(lockFile);
  }

  private static FileChannel lock(Path stateDir) {
    Path file = stateDir.resolve("lock");
    FileChannel channel;
    try {
      Files.createDirectories(stateDir);
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw unusable(stateDir, e);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // Held within this process: the same refusal.
    } catch (IOException e) {
      release(channel);
      throw unusable(stateDir, e);
    }
    release(channel);
    throw new StartupException(
        "processors.stateDir: "
            + stateDir
            + " is in use by another process; stop that one or give this one its own directory");
  }

  private static String idOf(String configured, Path stateDir, Map<String, String> environment) {
    if (!configured.isEmpty()) {
      return checked(configured, "processors.instance: " + configured);
    }
    String pod = environment.getOrDefault("HOSTNAME", "");
    Matcher ordinal = ORDINAL.matcher(pod);
    if (environment.containsKey("KUBERNETES_SERVICE_HOST") && ordinal.matches()) {
      return ordinal.group(1);
    }
    return kept(stateDir);
  }

  private static String kept(Path stateDir) {
    Path file = stateDir.resolve("instance");
    try {
      if (Files.exists(file)) {
        String id = Files.readString(file).strip();
        return checked(id, file + " holds \"" + id + "\"");
      }
      String id = UUID.randomUUID().toString();
      // Moved into place whole, so that a crash never leaves half an id.
      Path written = stateDir.resolve("instance.new");
      Files.writeString(written, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.SYNC);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return id;
    } catch (IOException e) {
      throw unusable(stateDir, e);
    }
  }

  private static String checked(String id, String what) {
    if (!VALID.matcher(id).matches()) {
      throw new StartupException(
          what + " (expected: 1 to 100 of the characters a-z A-Z 0-9 . _ -); correct it");
    }
    return id;
  }

  private static StartupException unusable(Path stateDir, IOException cause) {
    return new StartupException(
        "processors.stateDir: cannot use "
            + stateDir
            + " ("
            + cause
            + "); make it a directory that this process may write to",
        cause);
  }

  /** Closing the file gives up its lock. */
  private static void release(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
