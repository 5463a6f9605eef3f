package dev.musa.runtime.tls;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The blocks of a PEM file, as they stand there. */
record PemFile(Path file, List<Block> blocks) {

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final long MAX_BYTES = 1 << 20;

  /**
   * One block.
   *
   * @param label what stands after BEGIN, such as {@code CERTIFICATE}
   */
  record Block(String label, String base64) {
    byte[] der() {
      return Base64.getMimeDecoder().decode(base64);
    }
  }

  /**
   * Reads a file that has at least one block.
   *
   * @param expected what the file is for, for messages
   */
  static PemFile read(Path file, String expected) {
    return of(file, new String(content(file, expected), StandardCharsets.ISO_8859_1), expected);
  }

  /**
   * Takes apart what a file holds, or what stands for one.
   *
   * @param file what to call it in messages
   */
  static PemFile of(Path file, String text, String expected) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(decodable(file, new Block(matcher.group(1), matcher.group(2))));
    }
    if (blocks.isEmpty()) {
      throw new StartupException(file + " has " + found(text) + " (expected: " + expected + ")");
    }
    return new PemFile(file, List.copyOf(blocks));
  }

  List<Block> labelled(String label) {
    return blocks.stream().filter(block -> block.label().equals(label)).toList();
  }

  /** The labels as they stand in the file, for messages. */
  String found() {
    return String.join(", ", blocks.stream().map(Block::label).distinct().toList());
  }

  private static byte[] content(Path file, String expected) {
    try {
      if (Files.isDirectory(file)) {
        throw unreadable(file, "is a directory", expected, null);
      }
      if (Files.size(file) > MAX_BYTES) {
        throw unreadable(file, "is larger than 1 MiB", expected, null);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "does not exist", expected, e);
    } catch (AccessDeniedException e) {
      throw unreadable(file, "is not readable by this user", expected, e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage(), expected, e);
    }
  }

  private static Block decodable(Path file, Block block) {
    try {
      byte[] _ = block.der(); // throws if it cannot be decoded
      return block;
    } catch (IllegalArgumentException e) {
      throw new StartupException(
          "%s has a %s that is not base64 (expected: an undamaged PEM file)"
              .formatted(file, block.label()),
          e);
    }
  }

  private static String found(String text) {
    if (text.isBlank()) {
      return "nothing in it";
    }
    boolean der = text.charAt(0) == 0x30;
    return der ? "binary content, DER or PKCS#12" : "no complete -----BEGIN ...----- block";
  }

  private static StartupException unreadable(
      Path file, String why, String expected, @Nullable Exception cause) {
    return new StartupException(file + " " + why + " (expected: " + expected + ")", cause);
  }
}
