package dev.musa.benchmarks.payload;

/** How the shapes check themselves. */
final class Shapes {
  static final int MOST_ITEMS = 1_000_000;
  static final int LARGEST_ITEM = 1 << 20;
  static final int MOST_ATTRIBUTES = 128;

  private Shapes() {}

  static void check(boolean holds, String key, Object actual, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + actual + " (expected: " + expected + ")");
    }
  }

  static void items(String key, int value) {
    check(value >= 1 && value <= MOST_ITEMS, key, value, "1 to " + MOST_ITEMS);
  }

  static void bytes(String key, int value) {
    check(value >= 1 && value <= LARGEST_ITEM, key, value, "1 to " + LARGEST_ITEM);
  }

  static void attributes(String key, int value) {
    check(value >= 0 && value <= MOST_ATTRIBUTES, key, value, "0 to " + MOST_ATTRIBUTES);
  }

  static void share(String key, double value) {
    check(value >= 0 && value <= 1, key, value, "0 to 1");
  }
}
