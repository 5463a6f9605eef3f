package dev.musa.benchmarks.leg;

import dev.musa.runtime.config.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Writes rule directories. */
public final class RuleFiles {
  /** What {@link #sampling} keeps of the traces that are neither wrong nor slow. */
  public static final double SAMPLED_SHARE = 0.1;

  private RuleFiles() {}

  /** Errors, slower than 500 ms, 10 % of the rest. */
  public static Path sampling(Path directory, Duration wait) {
    try (InputStream yaml = RuleFiles.class.getResourceAsStream("sampling.yaml")) {
      if (yaml == null) {
        throw new IllegalStateException("sampling.yaml is missing in the jar");
      }
      String text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
      return write(directory, text.replace("WAIT", Durations.format(wait)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A rule set of this text. */
  public static Path write(Path directory, String text) {
    try {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("bench.yaml"), text);
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
