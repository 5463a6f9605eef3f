package dev.musa.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two subjects compared round by round, by the CPU seconds per million items of what processes
 * telemetry: not the bench's own processes, and Kafka only if one of the two does without it.
 *
 * @param ours CPU seconds per million items
 * @param theirs likewise
 * @param ratio theirs by ours, of each round
 * @param kafka theirs by ours, for the broker alone; null if one does without it
 * @param windows of which window the figures of the two are
 */
public record Ratios(
    String leg,
    String us,
    String them,
    Spread ours,
    Spread theirs,
    Spread ratio,
    @Nullable Spread kafka,
    String windows) {
  private static final String KAFKA = "kafka";
  private static final List<String> BENCH = List.of("bench load", "bench backend");

  /**
   * Compares rounds in pairs: the windows that count and, where they are others, the whole ones.
   */
  public static List<Ratios> of(List<LegResult> ours, List<LegResult> theirs) {
    String leg = ours.getFirst().leg();
    // A spread over windows of two kinds would say nothing.
    boolean alike = ours.stream().map(result -> result.main().window()).distinct().count() == 1;
    return !alike || ours.getFirst().figures().size() == 1
        ? List.of(of(leg, ours, theirs, LegResult::whole))
        : List.of(
            of(leg, ours, theirs, LegResult::main),
            of(leg + " with starts", ours, theirs, LegResult::whole));
  }

  private static Ratios of(
      String leg,
      List<LegResult> ours,
      List<LegResult> theirs,
      Function<LegResult, Figures> window) {
    List<Figures> our = ours.stream().map(window).toList();
    List<Figures> their = theirs.stream().map(window).toList();
    boolean bothUseKafka =
        Stream.of(our, their).flatMap(List::stream).allMatch(figures -> broker(figures) > 0);
    List<Double> ratios = new ArrayList<>();
    List<Double> kafka = new ArrayList<>();
    for (int i = 0; i < our.size(); i++) {
      ratios.add(processing(their.get(i), bothUseKafka) / processing(our.get(i), bothUseKafka));
      kafka.add(broker(their.get(i)) / broker(our.get(i)));
    }
    return new Ratios(
        leg,
        ours.getFirst().subject(),
        theirs.getFirst().subject(),
        Spread.of(our.stream().map(figures -> processing(figures, bothUseKafka)).toList()),
        Spread.of(their.stream().map(figures -> processing(figures, bothUseKafka)).toList()),
        Spread.of(ratios),
        bothUseKafka ? Spread.of(kafka) : null,
        windows(our.getFirst().window(), their.getFirst().window()));
  }

  private static String windows(String ours, String theirs) {
    return ours.equals(theirs) ? ours : ours + "; theirs: " + theirs;
  }

  public List<String> lines() {
    return List.of(
        "",
        "%s, CPU s per million items, median (min to max), %s:".formatted(leg, windows),
        String.format(Locale.ROOT, "  %-12s %s", us, ours),
        String.format(Locale.ROOT, "  %-12s %s", them, theirs),
        String.format(Locale.ROOT, "  %-12s %s", "ratio", ratio),
        kafka == null
            ? "  (Kafka is part of what is compared)"
            : String.format(Locale.ROOT, "  %-12s %s", "kafka, ratio", kafka));
  }

  private static double processing(Figures figures, boolean withoutKafka) {
    return figures.cpuSecondsPerMillion(
        figures.usages().stream()
            .map(usage -> usage.name())
            .filter(name -> !BENCH.contains(name) && !(withoutKafka && name.equals(KAFKA)))
            .toList());
  }

  private static double broker(Figures figures) {
    return figures.cpuSecondsPerMillion(List.of(KAFKA));
  }
}
