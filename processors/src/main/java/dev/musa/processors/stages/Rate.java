package dev.musa.processors.stages;

/**
 * How fast a bucket fills and how much it holds. All arithmetic is on whole numbers: one token is
 * {@code perMillis} units, and {@code items} units arrive each millisecond.
 */
record Rate(long items, long perMillis, long burst) {
  private static final long MOST_UNITS = Long.MAX_VALUE / 4;

  Rate {
    atLeastOne("items", items);
    atLeastOne("per", perMillis);
    atLeastOne("burst", burst);
    if (burst > MOST_UNITS / perMillis || items > MOST_UNITS) {
      throw new IllegalArgumentException(
          "items: %d, burst: %d in %d ms (expected: burst times milliseconds below %d); use a shorter period or a smaller burst"
              .formatted(items, burst, perMillis, MOST_UNITS));
    }
  }

  /** Units of one token. */
  long token() {
    return perMillis;
  }

  /** Units of a full bucket. */
  long full() {
    return burst * perMillis;
  }

  /** What a bucket holds {@code elapsedMillis} after it held {@code units}. */
  long refilled(long units, long elapsedMillis) {
    long missing = full() - units;
    // Divided first, as elapsed times items may not fit into a long.
    return elapsedMillis > missing / items ? full() : units + elapsedMillis * items;
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}
