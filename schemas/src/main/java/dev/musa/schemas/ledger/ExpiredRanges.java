package dev.musa.schemas.ledger;

import java.util.ArrayDeque;

/**
 * Offsets of one partition that retention deleted before they were read, until a commit goes beyond
 * them. Not thread-safe.
 */
public final class ExpiredRanges {
  private final ArrayDeque<Range> ranges = new ArrayDeque<>();

  private record Range(long from, long to) {}

  /** The offsets between these are gone; the reader goes on at the second. */
  public void add(long from, long to) {
    ranges.addLast(new Range(from, to));
  }

  /** How many offsets of those below this one. */
  public long below(long offset) {
    return ranges.stream()
        .filter(range -> range.to <= offset)
        .mapToLong(range -> range.to - range.from)
        .sum();
  }

  /** Where the first of them begins, or {@code otherwise} if it is not below that. */
  public long firstOr(long otherwise) {
    return ranges.isEmpty() ? otherwise : Math.min(otherwise, ranges.getFirst().from);
  }

  /** A commit has gone as far as this. */
  public void committed(long offset) {
    while (!ranges.isEmpty() && ranges.getFirst().to <= offset) {
      ranges.removeFirst();
    }
  }

  /** The reader begins again at what is committed, and will meet them again. */
  public void clear() {
    ranges.clear();
  }
}
