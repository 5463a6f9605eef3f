package dev.musa.benchmarks.report;

import dev.musa.benchmarks.load.Latency;
import dev.musa.benchmarks.process.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Results as text for people. */
public final class Table {
  private static final double MEBI = 1 << 20;

  private Table() {}

  public static List<String> of(LegResult result) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("%s of %s, %s".formatted(result.leg(), result.traffic(), result.subject()));
    for (Figures figures : result.figures()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s: %,d items in %.1f s, %,.0f items/s",
              figures.window(),
              figures.items(),
              figures.seconds(),
              figures.itemsPerSecond()));
      lines.add(
          String.format(
              Locale.ROOT,
              "    %-20s %9s %7s %10s %11s %11s",
              "process",
              "CPU s/M",
              "cores",
              "peak RSS",
              "heap",
              "alloc/item"));
      figures.usages().forEach(usage -> lines.add(row(usage, figures.seconds())));
    }
    Latency call = result.call();
    if (call != null) {
      lines.add(row("call", call));
    }
    new TreeMap<>(result.delay())
        .forEach((signal, delay) -> lines.add(row(signal + " to the backend", delay)));
    for (LegResult.TopicFigures topic : result.topics()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  %-22s %,d items in %,d records (%.1f each), %.1f bytes/item on disk",
              topic.topic(),
              topic.items(),
              topic.records(),
              topic.itemsPerRecord(),
              topic.bytesPerItem()));
    }
    result.counts().forEach(line -> lines.add("  counts: " + line));
    result.notes().forEach(line -> lines.add("  note: " + line));
    result.problems().forEach(line -> lines.add("  WRONG: " + line));
    return lines;
  }

  /** What the processes took at each value: CPU per million items, and heap. */
  public static List<String> of(Sweep sweep) {
    List<String> processes = sweep.processes();
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("CPU s/M and heap by " + sweep.dimension());
    lines.add(
        cells(
            sweep.unit(),
            processes.stream().map(name -> String.format(Locale.ROOT, "%18s", name)).toList()));
    for (Sweep.Point point : sweep.points()) {
      List<Usage> usages = sweep.comparable(point).usages();
      lines.add(
          cells(
              String.format(Locale.ROOT, "%,.0f", point.value()),
              processes.stream().map(name -> cell(name, usages)).toList()));
    }
    return lines;
  }

  private static String cells(String first, List<String> others) {
    return String.format(Locale.ROOT, "  %-16s%s", first, String.join("", others));
  }

  private static String cell(String process, List<Usage> usages) {
    return usages.stream()
        .filter(usage -> usage.name().equals(process))
        .findFirst()
        .map(usage ->
            String.format(
                Locale.ROOT,
                "%7.2f %10s",
                usage.cpuSecondsPerMillion(),
                mebibytes(usage.heapAfterGcBytes())))
        .orElse("                 -");
  }

  private static String row(Usage usage, double seconds) {
    return String.format(
        Locale.ROOT,
        "    %-20s %9.2f %7.2f %10s %11s %11s",
        usage.name(),
        usage.cpuSecondsPerMillion(),
        usage.cpuSeconds() / seconds,
        mebibytes(usage.peakResidentBytes()),
        mebibytes(usage.heapAfterGcBytes()),
        usage.allocatedBytesPerItem() < 0
            ? "-"
            : String.format(Locale.ROOT, "%,.0f B", usage.allocatedBytesPerItem()));
  }

  private static String row(String what, Latency latency) {
    return String.format(
        Locale.ROOT,
        "  %-22s p50 %,.1f ms, p99 %,.1f ms, p99.9 %,.1f ms, max %,.1f ms",
        what,
        latency.p50(),
        latency.p99(),
        latency.p999(),
        latency.max());
  }

  private static String mebibytes(long bytes) {
    return bytes < 0 ? "-" : String.format(Locale.ROOT, "%.0f MiB", bytes / MEBI);
  }
}
