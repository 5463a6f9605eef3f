package dev.musa.processors.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A partition: records of spans with the time of their append, and the rule sets over time. */
final class SimulatedLog {
  record TraceId(long high, long low) {}

  /** The number is unique: it stands for the bytes. */
  record Span(TraceId trace, int number, long start, long end, int flags) {}

  /** The time goes on from entry to entry, also where the stamp is of a clock that was set back. */
  record Entry(long stamp, long time, List<Span> spans) {}

  private final RandomGenerator random;
  private final List<TraceId> ids = new ArrayList<>();
  private final TreeMap<Long, TestRules> rules = new TreeMap<>();
  private final List<Entry> entries = new ArrayList<>();
  private int spans;

  SimulatedLog(RandomGenerator random, int traces) {
    this.random = random;
    for (int i = 0; i < traces; i++) {
      ids.add(
          switch (random.nextInt(4)) {
            case 0 -> new TraceId(0, i);
            case 1 -> new TraceId(i, 0);
            default -> new TraceId(random.nextLong(), random.nextLong());
          });
    }
    rules.put(Long.MIN_VALUE, TestRules.random(0, random));
  }

  /** A new rule set comes into force after all that is appended. */
  void changeRules(long now) {
    long latest = entries.stream().mapToLong(Entry::stamp).max().orElse(now);
    long from = Math.max(Math.max(now, latest), rules.lastKey()) + 1 + random.nextLong(10);
    rules.put(from, TestRules.random(rules.size(), random));
  }

  TestRules rulesAt(long time) {
    return rules.floorEntry(time).getValue();
  }

  TestRules rules(String version) {
    for (Map.Entry<Long, TestRules> entry : rules.entrySet()) {
      if (entry.getValue().version().equals(version)) {
        return entry.getValue();
      }
    }
    throw new AssertionError("no rules " + version);
  }

  void append(long now) {
    List<Span> appended = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      TraceId id = ids.get(random.nextInt(ids.size()));
      long start = random.nextInt(8) == 0 ? 0 : 100 + random.nextLong(30);
      long end = random.nextInt(8) == 0 ? 0 : 100 + random.nextLong(60);
      int flags = random.nextInt(3) == 0 ? random.nextInt(16) : 0;
      appended.add(new Span(id, spans++, start, end, flags));
    }
    long time = now;
    if (!entries.isEmpty()) {
      Entry before = entries.getLast();
      time = before.time + Math.max(0, now - before.stamp);
    }
    entries.add(new Entry(now, time, List.copyOf(appended)));
  }

  long end() {
    return entries.size();
  }

  Entry at(long offset) {
    return entries.get((int) offset);
  }

  List<Entry> entries() {
    return entries;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    rules.forEach((from, set) -> text.append(from).append(": ").append(set).append('\n'));
    for (int i = 0; i < entries.size(); i++) {
      text.append(i).append(": ").append(entries.get(i)).append('\n');
    }
    return text.toString();
  }
}
