package dev.musa.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The secret key of {@code hash} steps. */
public final class HashKey {
  private static final int MIN_BYTES = 16;

  private final byte[] bytes;

  private HashKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the file's bytes, without line ends after the last character.
   *
   * @throws IllegalArgumentException if the file cannot be read or holds too little; the message
   *     names the remedy
   */
  public static HashKey read(Path file) {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "rules.hashKeyFile: cannot read " + file + " (" + e + "); " + remedy(file), e);
    }
    int length = content.length;
    while (length > 0 && (content[length - 1] == '\n' || content[length - 1] == '\r')) {
      length--;
    }
    if (length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "rules.hashKeyFile: %s holds %d bytes (expected: at least %d); %s"
              .formatted(file, length, MIN_BYTES, remedy(file)));
    }
    return new HashKey(Arrays.copyOf(content, length));
  }

  /** Stands for the key where rules are only checked. */
  static HashKey forChecking() {
    return new HashKey(new byte[MIN_BYTES]);
  }

  byte[] bytes() {
    return bytes;
  }

  /** Keeps the secret out of logs. */
  @Override
  public String toString() {
    return "HashKey[***]";
  }

  private static String remedy(Path file) {
    return "make one with: openssl rand -hex 32 > " + file;
  }
}
