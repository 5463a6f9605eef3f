package dev.musa.chaos;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the backend has taken, and what it has said that it will not take. Thread-safe. */
final class Arrivals implements AutoCloseable {
  private static final int REJECTED = 100;

  private final Counts counts;
  private final Map<Kind, Set<Long>> rejected = new EnumMap<>(Kind.class);
  private final Tape tape;

  Arrivals(Traffic traffic, Path file) {
    this.counts = new Counts(traffic);
    for (Kind kind : Kind.values()) {
      rejected.put(kind, ConcurrentHashMap.newKeySet());
    }
    Tape.read(file, this::replay);
    this.tape = Tape.append(file);
  }

  private void replay(int mark, long number) {
    if (mark < REJECTED) {
      counts.add(Kind.of(mark), number);
    } else {
      rejected(Kind.of(mark - REJECTED)).add(number);
    }
  }

  void add(Kind kind, long number) {
    counts.add(kind, number);
    tape.add(kind.code(), number);
  }

  /** The backend has answered that it leaves this one out, for good. */
  void reject(Kind kind, long number) {
    rejected(kind).add(number);
    tape.add(REJECTED + kind.code(), number);
  }

  /** Before the backend answers, or a killed driver would have forgotten what it took. */
  void flush() {
    tape.flush();
  }

  Counts counts() {
    return counts;
  }

  Set<Long> rejected(Kind kind) {
    return Objects.requireNonNull(rejected.get(kind));
  }

  @Override
  public void close() {
    tape.close();
  }
}
