package dev.musa.collector;

/**
 * What the next request of a kind may take, guessed from those before: gRPC tells the length of a
 * message only when all of it is there. Races between threads cost accuracy only.
 */
final class SizeGuess {
  private static final long LEAST = 16 << 10;
  private static final long MOST = 1 << 20;
  private static final int WEIGHT_SHIFT = 3;

  private volatile long mean = LEAST;

  /** Twice the moving average, within bounds. */
  long next() {
    return Math.clamp(2 * mean, LEAST, MOST);
  }

  void observe(long bytes) {
    long before = mean;
    mean = before + ((bytes - before) >> WEIGHT_SHIFT);
  }
}
