package dev.musa.benchmarks.report;

import dev.musa.benchmarks.process.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What several rounds of one subject have in common, and how far they lie apart. */
public final class Rounds {
  private Rounds() {}

  /** For people; of a single round nothing is to be said. */
  public static List<String> lines(List<LegResult> rounds) {
    List<String> lines = new ArrayList<>();
    if (rounds.size() < 2) {
      return lines;
    }
    LegResult first = rounds.getFirst();
    lines.add("");
    lines.add(
        "%s of %s, %s, %d rounds, median (min to max):"
            .formatted(first.leg(), first.traffic(), first.subject(), rounds.size()));
    lines.add(
        line("items/s", rounds.stream().map(round -> round.main().itemsPerSecond()).toList()));
    for (Usage usage : first.main().usages()) {
      lines.add(
          line(
              usage.name() + ", CPU s/M",
              rounds.stream()
                  .map(round -> round.main().cpuSecondsPerMillion(List.of(usage.name())))
                  .toList()));
    }
    first
        .delay()
        .keySet()
        .forEach(signal ->
            lines.add(
                line(
                    signal + " to the backend, p99 ms",
                    rounds.stream()
                        .filter(round -> round.delay().containsKey(signal))
                        .map(round -> round.delay().get(signal).p99())
                        .toList())));
    return lines;
  }

  private static String line(String what, List<Double> values) {
    return String.format(Locale.ROOT, "  %-32s %s", what, Spread.of(values));
  }
}
