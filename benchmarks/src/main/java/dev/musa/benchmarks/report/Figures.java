package dev.musa.benchmarks.report;

import dev.musa.benchmarks.process.Usage;
import java.util.List;

/**
 * What a window of a leg cost.
 *
 * @param window which part of the leg this is
 * @param items that passed in it
 */
public record Figures(String window, double seconds, long items, List<Usage> usages) {
  public Figures {
    usages = List.copyOf(usages);
  }

  public double itemsPerSecond() {
    return items / seconds;
  }

  /** CPU seconds per million items of one process, or the sum of several. */
  public double cpuSecondsPerMillion(List<String> names) {
    return usages.stream()
        .filter(usage -> names.contains(usage.name()))
        .mapToDouble(Usage::cpuSecondsPerMillion)
        .sum();
  }
}
