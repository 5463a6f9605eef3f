package dev.musa.runtime.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces {@code ${file:PATH}} by the content of a file (without the line breaks at its end) and
 * {@code ${env:NAME}} by an environment variable; <code>$${</code> stands for <code>${</code>. What
 * is put in is not searched again. A relative path starts at the working directory, as all paths of
 * a configuration do.
 */
record References(Map<String, String> environment) {

  private static final long MAX_FILE_BYTES = 1 << 20;
  private static final String EXPECTED =
      "(expected: ${file:PATH} or ${env:NAME}; write $${ for a literal ${)";

  static String escape(String text) {
    return text.replace("${", "$${");
  }

  String replace(Location at, String written) {
    int next = written.indexOf("${");
    if (next < 0) {
      return written;
    }
    StringBuilder text = new StringBuilder();
    int done = 0;
    for (; next >= 0; next = written.indexOf("${", done)) {
      if (next > done && written.charAt(next - 1) == '$') {
        text.append(written, done, next - 1).append("${");
        done = next + 2;
        continue;
      }
      int end = written.indexOf('}', next);
      if (end < 0) {
        throw new ConfigException(at, "'" + written + "' has a ${ without } " + EXPECTED);
      }
      text.append(written, done, next).append(valueOf(at, written.substring(next + 2, end)));
      done = end + 1;
    }
    return text.append(written, done, written.length()).toString();
  }

  private String valueOf(Location at, String reference) {
    if (reference.startsWith("file:")) {
      return contentOf(at, reference.substring("file:".length()));
    }
    if (reference.startsWith("env:")) {
      return variable(at, reference.substring("env:".length()));
    }
    throw new ConfigException(at, "unknown reference '${" + reference + "}' " + EXPECTED);
  }

  private String variable(Location at, String name) {
    @Nullable String value = environment.get(name);
    if (value == null) {
      throw new ConfigException(
          at, "${env:" + name + "}: the environment variable " + name + " is not set");
    }
    return value;
  }

  private static String contentOf(Location at, String path) {
    try {
      Path file = Path.of(path);
      if (path.isEmpty() || Files.isDirectory(file)) {
        throw unreadable(at, path, "is not a file", null);
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw unreadable(at, path, "is larger than 1 MiB", null);
      }
      String content = Files.readString(file);
      int end = content.length();
      while (end > 0 && (content.charAt(end - 1) == '\n' || content.charAt(end - 1) == '\r')) {
        end--;
      }
      return content.substring(0, end);
    } catch (NoSuchFileException e) {
      throw unreadable(at, path, "does not exist", e);
    } catch (CharacterCodingException e) {
      throw unreadable(at, path, "is not text in UTF-8", e);
    } catch (IOException | InvalidPathException e) {
      throw unreadable(at, path, "cannot be read (" + e + ")", e);
    }
  }

  private static ConfigException unreadable(
      Location at, String path, String why, @Nullable Exception cause) {
    return new ConfigException(
        at, "${file:" + path + "}: '" + path + "' " + why + " (expected: a readable file)", cause);
  }
}
