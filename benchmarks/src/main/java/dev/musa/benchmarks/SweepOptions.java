package dev.musa.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is varied. */
final class SweepOptions {
  @Option(
      names = "--sweep",
      paramLabel = "DIMENSION",
      converter = Dimension.Converter.class,
      description =
          "rate, partitions, span-size, spans-per-trace, rules, policies, tenants or pods: one point"
              + " of 20 s each unless --duration says otherwise.")
  @Nullable Dimension dimension;

  @Option(
      names = "--values",
      paramLabel = "N",
      split = ",",
      description = "Of the sweep, rising (default: its usual ones; a rate of 0 is the maximum).")
  List<Integer> values = List.of();

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Where the sweep is drawn as SVG (default: bench-DIMENSION.svg).")
  @Nullable Path plot;

  Path plotFile(Dimension swept) {
    return plot == null ? Path.of("bench-" + swept.label() + ".svg") : plot;
  }

  List<Integer> values(Dimension swept) {
    return values.isEmpty() ? swept.usualValues() : values;
  }
}
