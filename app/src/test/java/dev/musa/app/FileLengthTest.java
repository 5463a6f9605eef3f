package dev.musa.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reports how long the source files are, and fails on one that nobody reads to its end. */
class FileLengthTest {
  private static final int LONGEST = 600;

  private record SourceFile(Path path, long lines) {}

  @Test
  void mainSources_stayShort() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<SourceFile> files;
    try (Stream<Path> paths = Files.walk(root)) {
      files =
          paths
              .filter(
                  path -> root.relativize(path).toString().matches("[a-z0-9]+/src/main/.*\\.java"))
              .map(path -> new SourceFile(root.relativize(path), lines(path)))
              .sorted((a, b) -> Long.compare(a.lines, b.lines))
              .toList();
    }
    assertThat(files).isNotEmpty();
    System.out.printf(
        "%d source files, lines: median %d, 90th percentile %d, longest %d (%s)%n",
        files.size(),
        files.get(files.size() / 2).lines,
        files.get(files.size() * 9 / 10).lines,
        files.getLast().lines,
        files.getLast().path);
    assertThat(files).filteredOn(file -> file.lines > LONGEST).isEmpty();
  }

  private static long lines(Path path) {
    try (Stream<String> lines = Files.lines(path)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
