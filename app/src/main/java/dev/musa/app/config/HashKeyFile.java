package dev.musa.app.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * The key of {@code hash} steps where everything runs in one process: made once, kept with the data
 * and readable by its owner only. Processes that share their work need one that is configured.
 */
public final class HashKeyFile {
  private static final int BYTES = 32;
  private static final String NAME = "hash.key";

  private HashKeyFile() {}

  /** The configuration with a key: its own, else the one in its data directory. */
  public static MusaConfig provided(MusaConfig config) {
    if (config.rules().hashKeyFile() != null) {
      return config;
    }
    Path file = config.data().resolve(NAME);
    try {
      Files.createDirectories(config.data());
      if (!Files.exists(file)) {
        make(file);
      }
    } catch (IOException e) {
      throw new StartupException(
          "the key for hashed attributes cannot be kept in "
              + file
              + " ("
              + e
              + "): make the directory writable, or set rules.hashKeyFile to a key of your own",
          e);
    }
    return new Overlay().set(file, "rules", "hashKeyFile").over(NAME, config);
  }

  /** Whole or not at all: a crash never leaves half a key. */
  private static void make(Path file) throws IOException {
    byte[] key = new byte[BYTES];
    new SecureRandom().nextBytes(key);
    Path written = file.resolveSibling(NAME + ".new");
    Files.deleteIfExists(written);
    try (var channel =
            Files.newByteChannel(
                written,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                ownerOnly());
        var out = Channels.newOutputStream(channel)) {
      out.write((HexFormat.of().formatHex(key) + "\n").getBytes(US_ASCII));
    }
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
