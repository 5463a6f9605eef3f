package dev.musa.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * Which share of the traces was kept by chance, by the number of the trace: the rules change now
 * and then, and of what was begun around that nobody here knows by which it was decided. What a run
 * is told of this survives its driver as text.
 */
final class Shares {
  private static final long OPEN = Long.MAX_VALUE;

  private final List<Change> changes = new ArrayList<>();

  /** Traces from {@code from} on may have this share, those from {@code to} on have it. */
  private record Change(long from, long to, double share) {
    boolean isOpen() {
      return to == OPEN;
    }
  }

  static Shares parse(String text) {
    Shares shares = new Shares();
    for (String change : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      String[] parts = change.split(":", -1);
      shares.changes.add(
          new Change(
              Long.parseLong(parts[0]), Long.parseLong(parts[1]), Double.parseDouble(parts[2])));
    }
    return shares;
  }

  /** As {@link #parse} reads it. */
  String text() {
    List<String> parts = new ArrayList<>();
    changes.forEach(
        change -> parts.add("%d:%d:%s".formatted(change.from, change.to, change.share)));
    return String.join(",", parts);
  }

  /** From this trace on it is not known which of the shares until now, and this one, holds. */
  void unsettle(long fromTrace, double share) {
    changes.add(new Change(fromTrace, OPEN, share));
  }

  /** From this trace on the latest share holds. */
  void settle(long fromTrace) {
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.isOpen()) {
        changes.set(i, new Change(change.from, fromTrace, change.share));
      }
    }
  }

  /** The share that is meant to hold now. */
  double current() {
    return changes.isEmpty() ? Traffic.SMALL_SHARE : changes.getLast().share;
  }

  /** The least that may hold for this trace. */
  double least(long trace) {
    return isUnsettled(trace) ? Traffic.SMALL_SHARE : settled(trace);
  }

  /** The most that may hold for this trace. */
  double most(long trace) {
    return isUnsettled(trace) ? Traffic.LARGE_SHARE : settled(trace);
  }

  boolean isUnsettled(long trace) {
    return changes.stream().anyMatch(change -> change.from <= trace && trace < change.to);
  }

  private double settled(long trace) {
    double share = Traffic.SMALL_SHARE;
    for (Change change : changes) {
      if (change.to <= trace) {
        share = change.share;
      }
    }
    return share;
  }
}
