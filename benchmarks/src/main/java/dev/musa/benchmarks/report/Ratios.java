package dev.musa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

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

  /** Compares the main windows of rounds in pairs. */
  public static Ratios of(List<LegResult> ours, List<LegResult> theirs) {
    List<Double> our = ours.stream().map(result -> processing(result.main())).toList();
    List<Double> their = theirs.stream().map(result -> processing(result.main())).toList();
    List<Double> ratios = new ArrayList<>();
    List<Double> kafka = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(their.get(i) / our.get(i));
      kafka.add(broker(theirs.get(i).main()) / broker(ours.get(i).main()));
    }
    return new Ratios(
        ours.getFirst().leg(),
        ours.getFirst().subject(),
        theirs.getFirst().subject(),
        Spread.of(our),
        Spread.of(their),
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
