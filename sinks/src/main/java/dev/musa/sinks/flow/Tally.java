package dev.musa.sinks.flow;

import dev.musa.schemas.ledger.Line;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What became of the items of one batch. */
public final class Tally {
  public static final String DELIVERED = "delivered";
  public static final String DEAD_LETTERED = "deadlettered";
  public static final String UNCERTAIN = "uncertain";
  public static final String DROPPED = "dropped";

  private final Map<Kind, Line> lines = new HashMap<>(2);

  private record Kind(String tenant, String outcome, String reason) {}

  /** {@link dev.musa.schemas.ledger.Line Items} that had one outcome for one reason. */
  void add(Line line) {
    if (line.items() != 0 || line.bytes() != 0) {
      lines.merge(new Kind(line.tenant(), line.outcome(), line.reason()), line, Line::plus);
    }
  }

  public Collection<Line> lines() {
    return lines.values();
  }

  public long items(String outcome) {
    long items = 0;
    for (var line : lines.values()) {
      if (line.outcome().equals(outcome)) {
        items += line.items();
      }
    }
    return items;
  }
}
