package dev.musa.rules.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of a rule directory: {@code *.yaml} and {@code *.yml} that do not begin with a
 * dot, as Kubernetes puts its own files there under such names.
 */
public final class RuleDirectory {
  private static final int MAX_BYTES = 900_000;

  private RuleDirectory() {}

  /**
   * The text of each file by name; null if they are changing right now, so that it is better to
   * look again later.
   *
   * @throws IOException if something cannot be read; the message names it
   */
  public static @Nullable SortedMap<String, String> read(Path directory) throws IOException {
    try {
      SortedMap<String, String> first = readOnce(directory);
      // A mounted ConfigMap is swapped as a whole, but not while its files are read one by one.
      return readOnce(directory).equals(first) ? first : null;
    } catch (NoSuchFileException _) {
      return null;
    }
  }

  private static SortedMap<String, String> readOnce(Path directory) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    long bytes = 0;
    for (Path file : list(directory)) {
      byte[] content = Files.readAllBytes(file);
      bytes += content.length;
      if (bytes > MAX_BYTES) {
        throw new IOException(
            "%s holds more than %d bytes of rules, which do not fit into one record; split them"
                    .formatted(directory, MAX_BYTES)
                + " or shorten long lists");
      }
      files.put(String.valueOf(file.getFileName()), decode(file, content));
    }
    return files;
  }

  private static List<Path> list(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (isRuleFile(entry.getFileName()) && Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
    } catch (NoSuchFileException e) {
      if (Files.exists(directory)) {
        throw e;
      }
      throw new IOException(directory + " does not exist (expected: a directory of rule files)", e);
    } catch (NotDirectoryException e) {
      throw new IOException(directory + " is a file (expected: a directory of rule files)", e);
    }
    return files;
  }

  private static boolean isRuleFile(@Nullable Path fileName) {
    String name = String.valueOf(fileName);
    return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"));
  }

  private static String decode(Path file, byte[] content) throws IOException {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(file + " is not UTF-8 text", e);
    }
  }
}
