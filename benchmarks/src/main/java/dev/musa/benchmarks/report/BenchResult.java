package dev.musa.benchmarks.report;

import dev.musa.benchmarks.process.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that a run of the bench has shown, as the JSON file holds it.
 *
 * @param started as ISO 8601
 * @param arguments of the command
 * @param payload that was sent, bytes per item among it
 */
public record BenchResult(
    String started,
    List<String> arguments,
    Machine machine,
    Sent payload,
    List<LegResult> legs,
    List<Ratios> ratios,
    List<Sweep> sweeps) {

  /** What was sent. */
  public record Sent(String name, double itemsPerRequest, double bytesPerItem) {}

  public BenchResult {
    arguments = List.copyOf(arguments);
    legs = List.copyOf(legs);
    ratios = List.copyOf(ratios);
    sweeps = List.copyOf(sweeps);
  }

  /** The same run with what it has shown by now. */
  public BenchResult with(
      List<LegResult> moreLegs, List<Ratios> moreRatios, List<Sweep> moreSweeps) {
    return new BenchResult(started, arguments, machine, payload, moreLegs, moreRatios, moreSweeps);
  }

  /** Writes the JSON file, with its directories. */
  public void write(Path file) throws IOException {
    JsonFile.write(file, this);
  }
}
