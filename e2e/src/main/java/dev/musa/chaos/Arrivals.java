package dev.musa.chaos;

import dev.musa.schemas.wire.OtlpCursor;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How often each item has arrived at the backend. Thread-safe. */
final class Arrivals implements AutoCloseable {
  private final Map<Kind, Map<Long, Integer>> counts = new EnumMap<>(Kind.class);
  private final Map<Kind, AtomicLong> newest = new EnumMap<>(Kind.class);
  private final Tape tape;
  private final ThreadLocal<ItemId> ids = ThreadLocal.withInitial(ItemId::new);

  Arrivals(Path file) {
    for (Kind kind : Kind.values()) {
      counts.put(kind, new ConcurrentHashMap<>());
      newest.put(kind, new AtomicLong(-1));
    }
    Tape.read(file, (mark, number) -> count(Kind.of(mark), number));
    this.tape = Tape.append(file);
  }

  void add(OtlpCursor at) {
    switch (at.signal()) {
      case TRACES -> add(Kind.SPAN, at.span().spanId());
      case LOGS -> add(Kind.LOG, ids.get().of(at));
      case METRICS -> add(Kind.POINT, ids.get().of(at));
    }
  }

  private void add(Kind kind, long number) {
    count(kind, number);
    tape.add(kind.code(), number);
  }

  private void count(Kind kind, long number) {
    of(kind).merge(number, 1, Integer::sum);
    long begun = kind == Kind.SPAN ? Traffic.traceOf(number) : number;
    newest(kind).accumulateAndGet(begun, Math::max);
  }

  private AtomicLong newest(Kind kind) {
    return Objects.requireNonNull(newest.get(kind));
  }

  /** The highest number of which something has arrived; for spans it is that of the trace. */
  long newestOf(Kind kind) {
    return newest(kind).get();
  }

  /** Before the backend answers, or a killed driver would have forgotten what it took. */
  void flush() {
    tape.flush();
  }

  Map<Long, Integer> of(Kind kind) {
    return Objects.requireNonNull(counts.get(kind));
  }

  @Override
  public void close() {
    tape.close();
  }
}
