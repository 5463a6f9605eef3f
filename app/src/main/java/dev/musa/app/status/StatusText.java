package dev.musa.app.status;

import dev.musa.app.status.Status.Flow;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Renders a {@link Status}: a small table for a terminal, one line for a log. */
public final class StatusText {
  private static final String COLUMNS = "  %-8s %14s %14s %14s %14s";

  private StatusText() {}

  /** The same number of lines each time, unless there is trouble. */
  public static List<String> block(Status status) {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(Locale.ROOT, COLUMNS, "", "accepted", "kept", "dropped", "delivered"));
    for (Flow flow : status.flows()) {
      String row =
          String.format(
              Locale.ROOT,
              COLUMNS,
              flow.signal().label(),
              number(flow.accepted()),
              number(flow.kept()),
              number(flow.dropped()),
              number(flow.delivered()));
      lines.add(row + "  " + unit(flow.signal()) + losses(flow, ", ", "   "));
    }
    lines.add("  " + String.join("   ", rest(status)));
    status.troubles().forEach(trouble -> lines.add("  ! " + trouble));
    return lines;
  }

  /** One line, the figures as {@code name=value}. */
  public static String line(Status status) {
    List<String> parts = new ArrayList<>();
    parts.add(figures(status));
    parts.addAll(rest(status));
    status.troubles().forEach(trouble -> parts.add("! " + trouble));
    return String.join(" | ", parts);
  }

  /** The figures alone, when nothing moves any more. */
  public static String figures(Status status) {
    List<String> parts = new ArrayList<>();
    for (Flow flow : status.flows()) {
      parts.add(
          flow.signal().label()
              + field("accepted", flow.accepted())
              + field("kept", flow.kept())
              + field("dropped", flow.dropped())
              + field("delivered", flow.delivered())
              + losses(flow, " ", " ").replace(": ", "="));
    }
    return String.join(" | ", parts);
  }

  private static List<String> rest(Status status) {
    List<String> rest = new ArrayList<>();
    if (status.flows().stream().anyMatch(Flow::waits)) {
      rest.add(pending(status.oldestUndelivered()));
    }
    rest.add("rules " + status.rules());
    return rest;
  }

  private static String number(long count) {
    return count == Status.ELSEWHERE ? "-" : String.format(Locale.ROOT, "%,d", count);
  }

  private static String field(String name, long count) {
    return count == Status.ELSEWHERE ? "" : String.format(Locale.ROOT, " %s=%d", name, count);
  }

  private static String losses(Flow flow, String between, String before) {
    List<String> losses = new ArrayList<>();
    add(losses, "refused", flow.refused());
    add(losses, "dead-lettered", flow.deadLettered());
    add(losses, "expired", flow.expired());
    return losses.isEmpty() ? "" : before + String.join(between, losses);
  }

  private static void add(List<String> losses, String name, long count) {
    if (count > 0) {
      losses.add(String.format(Locale.ROOT, "%s: %d", name, count));
    }
  }

  private static String pending(@Nullable Duration oldest) {
    return oldest == null ? "nothing waits" : "oldest undelivered " + age(oldest);
  }

  private static String age(Duration age) {
    long millis = Math.max(0, age.toMillis());
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    long minutes = millis / 60_000;
    return minutes < 120 ? minutes + " min" : minutes / 60 + " h";
  }

  private static String unit(Signal signal) {
    return switch (signal) {
      case TRACES -> "spans";
      case LOGS -> "records";
      case METRICS -> "points";
    };
  }
}
