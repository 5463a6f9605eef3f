package dev.musa.processors.stages;

import java.util.ArrayDeque;

/** How far the ledger knows what was read of a source partition, committed work only. */
final class Reading {
  private static final long UNKNOWN = -1;

  private final ArrayDeque<Range> expired = new ArrayDeque<>();
  private long position;

  private record Range(long from, long to) {}

  private Reading(long position) {
    this.position = position;
  }

  static Reading at(long position) {
    return new Reading(position);
  }

  /** The first record that comes will tell where it begins. */
  static Reading somewhere() {
    return new Reading(UNKNOWN);
  }

  /** Where a page begins whose first record has this offset. */
  long begin(long firstOffset) {
    if (position == UNKNOWN) {
      var _ = takeExpired(firstOffset);
      return firstOffset;
    }
    return Math.min(position, firstOffset);
  }

  /** Work up to this offset is committed. */
  void committed(long toOffset) {
    position = toOffset;
  }

  /** Retention deleted the offsets between these; reading goes on at the second. */
  void expired(long from, long to) {
    expired.addLast(new Range(from, to));
  }

  /** How many offsets have expired before this one; each is told once. */
  long takeExpired(long before) {
    long offsets = 0;
    while (!expired.isEmpty() && expired.getFirst().to <= before) {
      Range range = expired.removeFirst();
      offsets += range.to - range.from;
    }
    return offsets;
  }

  /** Reading goes on from what is committed, where it will be told again what has expired. */
  void startOver() {
    expired.clear();
  }
}
