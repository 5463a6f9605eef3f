package dev.musa.chaos;

import dev.musa.schemas.wire.OtlpCursor;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How often each item was delivered to one place. Thread-safe. */
final class Counts {
  private final Traffic traffic;
  private final Map<Kind, Map<Long, Integer>> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, AtomicLong[]> newest = new EnumMap<>(Kind.class);

  Counts(Traffic traffic) {
    this.traffic = traffic;
    for (Kind kind : Kind.values()) {
      counts.put(kind, new ConcurrentHashMap<>());
      AtomicLong[] ofGroups = new AtomicLong[Traffic.GROUPS];
      Arrays.setAll(ofGroups, _ -> new AtomicLong(-1));
      newest.put(kind, ofGroups);
    }
  }

  void add(OtlpCursor at, ItemId ids) {
    add(Kind.of(at.signal()), ids.of(at));
  }

  void add(Kind kind, long number) {
    of(kind).merge(number, 1, Integer::sum);
    long begun = kind == Kind.SPAN ? Traffic.traceOf(number) : number;
    newest(kind)[traffic.group(kind, begun)].accumulateAndGet(begun, Math::max);
  }

  /**
   * Whether something with this number or a later one has arrived of every {@link Traffic#group};
   * for spans it is the number of the trace.
   */
  boolean hasOfAllGroups(Kind kind, long number) {
    return Arrays.stream(newest(kind)).allMatch(newest -> newest.get() >= number);
  }

  private AtomicLong[] newest(Kind kind) {
    return Objects.requireNonNull(newest.get(kind));
  }

  /** How often, by number; a span's is {@link Traffic#spanId}. */
  Map<Long, Integer> of(Kind kind) {
    return Objects.requireNonNull(counts.get(kind));
  }

  /** How many different items. */
  long items() {
    return counts.values().stream().mapToLong(Map::size).sum();
  }
}
