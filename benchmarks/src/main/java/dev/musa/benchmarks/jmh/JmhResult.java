package dev.musa.benchmarks.jmh;

import dev.musa.benchmarks.process.Machine;
import dev.musa.benchmarks.report.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a run has shown, as the JSON file holds it.
 *
 * @param started as ISO 8601
 * @param arguments of the command
 * @param quick whether it ran too short for its figures to mean much
 */
public record JmhResult(
    String started,
    List<String> arguments,
    Machine machine,
    boolean quick,
    List<JmhRow> benchmarks) {
  public JmhResult {
    arguments = List.copyOf(arguments);
    benchmarks = List.copyOf(benchmarks);
  }

  /** Writes the JSON file, with its directories. */
  public void write(Path file) throws IOException {
    JsonFile.write(file, this);
  }
}
