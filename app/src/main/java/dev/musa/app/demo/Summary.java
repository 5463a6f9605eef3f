package dev.musa.app.demo;

import dev.musa.app.demo.Sent.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Puts the figures into words. */
final class Summary {
  private Summary() {}

  /** The one line that lives while the demo runs. */
  static String progress(Figures sent, Duration elapsed, boolean heldBack) {
    String line =
        String.format(
            Locale.ROOT,
            "demo %4d s   %,d traces (%,d error, %,d slow)   %,d spans   %,d log records   %,d"
                + " points",
            elapsed.toSeconds(),
            sent.traces(),
            sent.errorTraces(),
            sent.slowTraces(),
            sent.spans(),
            sent.logRecords(),
            sent.points());
    long refused = sent.refusedSpans() + sent.refusedLogRecords() + sent.refusedPoints();
    if (refused > 0) {
      line += String.format(Locale.ROOT, "   %,d NOT ACKNOWLEDGED", refused);
    }
    return heldBack ? line + "   held back by the endpoint" : line;
  }

  /** What was sent in the end, and what of it nobody acknowledged. */
  static List<String> end(Figures sent, Duration elapsed, String endpoint) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "sent in %.1f s to %s and acknowledged by it:",
            elapsed.toMillis() / 1000.0,
            endpoint));
    lines.add(
        String.format(
            Locale.ROOT,
            "  traces      %,10d   error %,d, slow %,d (both %,d), health checks %,d",
            sent.traces(),
            sent.errorTraces(),
            sent.slowTraces(),
            sent.errorAndSlowTraces(),
            sent.probes()));
    lines.add(String.format(Locale.ROOT, "  spans       %,10d", sent.spans()));
    lines.add(
        String.format(
            Locale.ROOT,
            "  log records %,10d   %s",
            sent.logRecords(),
            sent.logRecordsBySeverity().entrySet().stream()
                .map(
                    entry -> String.format(Locale.ROOT, "%s %,d", entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "))));
    lines.add(String.format(Locale.ROOT, "  points      %,10d", sent.points()));
    if (!sent.complete()) {
      lines.add(missing(sent));
    }
    return lines;
  }

  private static String missing(Figures sent) {
    String line =
        String.format(
            Locale.ROOT,
            "NOT acknowledged: %,d spans (%,d traces in whole or part), %,d log records, %,d"
                + " points",
            sent.refusedSpans() + sent.pendingSpans(),
            sent.refusedTraces() + sent.unfinishedTraces(),
            sent.refusedLogRecords() + sent.pendingLogRecords(),
            sent.refusedPoints());
    return sent.lastRefusal() == null ? line : line + "; last answer: " + sent.lastRefusal();
  }
}
