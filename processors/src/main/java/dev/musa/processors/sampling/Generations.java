package dev.musa.processors.sampling;

/** Groups of entries by the time of their last stamp: what is remembered and forgotten together. */
final class Generations {
  private static final int CAPACITY = 256;

  private final long lengthMillis;
  private final long[] lastStamp = new long[CAPACITY];
  private final int[] entries = new int[CAPACITY];
  private int oldest;
  private int live;
  private long newestBegan;

  Generations(long lengthMillis) {
    this.lengthMillis = lengthMillis;
  }

  /** The generation for an entry stamped now. */
  byte enter(long now) {
    // With all numbers in use the newest one grows: its entries live longer than they need.
    if (live == 0 || (now >= newestBegan + lengthMillis && live < CAPACITY)) {
      live++;
      newestBegan = now;
      lastStamp[newest()] = now;
    }
    lastStamp[newest()] = Math.max(lastStamp[newest()], now);
    entries[newest()]++;
    return (byte) newest();
  }

  /** The generation for an entry of {@code from} that is stamped again. */
  byte move(byte from, long now) {
    entries[from & 0xff]--;
    return enter(now);
  }

  /** 0 for the oldest generation, 1 for the next. */
  int age(byte generation) {
    return ((generation & 0xff) - oldest) & (CAPACITY - 1);
  }

  /** How many of the oldest generations had their last stamp before this time. */
  int endedBefore(long time) {
    int count = 0;
    while (count < live && lastStamp[(oldest + count) & (CAPACITY - 1)] < time) {
      count++;
    }
    return count;
  }

  int entriesOfOldest(int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += entries[(oldest + i) & (CAPACITY - 1)];
    }
    return sum;
  }

  void removeOldest(int count) {
    for (int i = 0; i < count; i++) {
      entries[(oldest + i) & (CAPACITY - 1)] = 0;
    }
    oldest = (oldest + count) & (CAPACITY - 1);
    live -= count;
  }

  private int newest() {
    return (oldest + live - 1) & (CAPACITY - 1);
  }
}
