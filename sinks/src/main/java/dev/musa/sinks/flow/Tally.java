package dev.musa.sinks.flow;

import java.util.ArrayList;
import java.util.List;

/** What became of the items of one batch. */
public final class Tally {
  public static final String DELIVERED = "delivered";
  public static final String DEAD_LETTERED = "deadlettered";
  public static final String UNCERTAIN = "uncertain";
  public static final String DROPPED = "dropped";

  private final List<Line> lines = new ArrayList<>(1);

  /** Items and bytes that had one outcome for one reason; the reason of success is empty. */
  public record Line(String outcome, String reason, long items, long bytes) {}

  void add(String outcome, String reason, long items, long bytes) {
    if (items == 0 && bytes == 0) {
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      if (line.outcome().equals(outcome) && line.reason().equals(reason)) {
        lines.set(i, new Line(outcome, reason, line.items() + items, line.bytes() + bytes));
        return;
      }
    }
    lines.add(new Line(outcome, reason, items, bytes));
  }

  public List<Line> lines() {
    return lines;
  }

  public long items(String outcome) {
    long items = 0;
    for (var line : lines) {
      if (line.outcome().equals(outcome)) {
        items += line.items();
      }
    }
    return items;
  }
}
