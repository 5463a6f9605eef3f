package dev.musa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Two subjects compared round by round, by the CPU seconds per million items of what processes
 * telemetry: neither the bench's own processes nor Kafka, which both use.
 *
 * @param ours CPU seconds per million items
 * @param theirs likewise
 * @param ratio theirs by ours, of each round
 * @param kafka theirs by ours, for the broker alone
 */
public record Ratios(
    String leg, String us, String them, Spread ours, Spread theirs, Spread ratio, Spread kafka) {
  private static final List<String> SHARED = List.of("kafka", "bench load", "bench backend");

  /**
   * Compares rounds in pairs: the windows that count and, where they are others, the whole ones.
   */
  public static List<Ratios> of(List<LegResult> ours, List<LegResult> theirs) {
    String leg = ours.getFirst().leg();
    Ratios main = of(leg, ours, theirs, LegResult::main);
    return ours.stream().allMatch(result -> result.figures().size() == 1)
        ? List.of(main)
        : List.of(main, of(leg + " with starts", ours, theirs, LegResult::whole));
  }

  private static Ratios of(
      String leg,
      List<LegResult> ours,
      List<LegResult> theirs,
      Function<LegResult, Figures> window) {
    List<Figures> our = ours.stream().map(window).toList();
    List<Figures> their = theirs.stream().map(window).toList();
    List<Double> ratios = new ArrayList<>();
    List<Double> kafka = new ArrayList<>();
    for (int i = 0; i < our.size(); i++) {
      ratios.add(processing(their.get(i)) / processing(our.get(i)));
      kafka.add(broker(their.get(i)) / broker(our.get(i)));
    }
    return new Ratios(
        leg,
        ours.getFirst().subject(),
        theirs.getFirst().subject(),
        Spread.of(our.stream().map(Ratios::processing).toList()),
        Spread.of(their.stream().map(Ratios::processing).toList()),
        Spread.of(ratios),
        Spread.of(kafka));
  }

  public List<String> lines() {
    return List.of(
        "",
        leg + ", CPU s per million items, median (min to max):",
        String.format(Locale.ROOT, "  %-12s %s", us, ours),
        String.format(Locale.ROOT, "  %-12s %s", them, theirs),
        String.format(Locale.ROOT, "  %-12s %s", "ratio", ratio),
        String.format(Locale.ROOT, "  %-12s %s", "kafka, ratio", kafka));
  }

  private static double processing(Figures figures) {
    return figures.cpuSecondsPerMillion(
        figures.usages().stream()
            .map(usage -> usage.name())
            .filter(name -> !SHARED.contains(name))
            .toList());
  }

  private static double broker(Figures figures) {
    return figures.cpuSecondsPerMillion(List.of("kafka"));
  }
}
