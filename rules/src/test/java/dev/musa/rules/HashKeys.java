package dev.musa.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A key to test with. */
final class HashKeys {
  static final String TEXT = "0123456789abcdef0123456789abcdef";

  private HashKeys() {}

  static Path file(Path directory) throws IOException {
    return Files.writeString(directory.resolve("hash.key"), TEXT + "\n");
  }

  static HashKey read(Path directory) throws IOException {
    return HashKey.read(file(directory));
  }
}
