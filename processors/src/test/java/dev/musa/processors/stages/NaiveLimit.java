package dev.musa.processors.stages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A limit that remembers every take and recomputes each bucket from its first one. */
final class NaiveLimit {
  private final long items;
  private final long perMillis;
  private final long burst;
  private final Map<String, List<Take>> takes = new HashMap<>();
  private final Map<String, Long> clocks = new HashMap<>();

  NaiveLimit(long items, long perMillis, long burst) {
    this.items = items;
    this.perMillis = perMillis;
    this.burst = burst;
  }

  boolean take(String key, long recordTime, Object transaction) {
    long now = clocks.merge(key, recordTime, Math::max);
    List<Take> ofKey = takes.computeIfAbsent(key, _ -> new ArrayList<>());
    long level = burst * perMillis;
    long time = ofKey.isEmpty() ? now : ofKey.getFirst().time;
    for (Take take : ofKey) {
      level = Math.min(burst * perMillis, level + (take.time - time) * items) - perMillis;
      time = take.time;
    }
    level = Math.min(burst * perMillis, level + (now - time) * items);
    if (level < perMillis) {
      return false;
    }
    ofKey.add(new Take(now, transaction));
    return true;
  }

  void abort(Object transaction) {
    takes.values().forEach(list -> list.removeIf(take -> Objects.equals(take.by, transaction)));
  }

  private record Take(long time, Object by) {}
}
