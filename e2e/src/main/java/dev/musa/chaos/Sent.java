package dev.musa.chaos;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was sent, and what of it was acknowledged. Thread-safe. */
final class Sent implements AutoCloseable {
  private static final int BEGUN = 0;
  private static final int ACKNOWLEDGED = 10;
  private static final int AGAIN = 20;

  private final Tape tape;
  private final AtomicLong[] next = new AtomicLong[Kind.values().length];
  private final List<Set<Long>> acknowledged = new ArrayList<>();
  private final List<Set<Long>> again = new ArrayList<>();

  Sent(Path file) {
    for (int i = 0; i < next.length; i++) {
      next[i] = new AtomicLong();
      acknowledged.add(ConcurrentHashMap.newKeySet());
      again.add(ConcurrentHashMap.newKeySet());
    }
    Tape.read(file, this::replay);
    this.tape = Tape.append(file);
  }

  private void replay(int mark, long number) {
    int kind = mark % ACKNOWLEDGED;
    switch (mark - kind) {
      case BEGUN -> next[kind].accumulateAndGet(number + 1, Math::max);
      case ACKNOWLEDGED -> acknowledged.get(kind).add(number);
      case AGAIN -> again.get(kind).add(number);
      default -> throw new IllegalStateException("mark " + mark + " on the tape of what was sent");
    }
  }

  /** A number that nothing was sent under before. For a span it is that of its trace. */
  long begin(Kind kind) {
    long number = next[kind.code()].getAndIncrement();
    tape.add(BEGUN + kind.code(), number);
    tape.flush();
    return number;
  }

  /** All of it was answered with success. */
  void acknowledged(Kind kind, long number) {
    acknowledged.get(kind.code()).add(number);
    tape.add(ACKNOWLEDGED + kind.code(), number);
  }

  /** Part of it was sent more than once, because there was no success the first time. */
  void sentAgain(Kind kind, long number) {
    again.get(kind.code()).add(number);
    tape.add(AGAIN + kind.code(), number);
  }

  Set<Long> acknowledged(Kind kind) {
    return acknowledged.get(kind.code());
  }

  boolean wasSentAgain(Kind kind, long number) {
    return again.get(kind.code()).contains(number);
  }

  /** Items of which something was sent, whether acknowledged or not. */
  long begun(Kind kind) {
    return next[kind.code()].get();
  }

  @Override
  public void close() {
    tape.close();
  }
}
