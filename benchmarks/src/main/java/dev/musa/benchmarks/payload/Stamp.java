package dev.musa.benchmarks.payload;

/**
 * What makes one sending of a template different from all others. Ids are combined by XOR, so that
 * spans of one trace stay together, also over requests, and links and parents still fit.
 *
 * @param timeUnixNano when it is sent: the start time of its spans, the time of its records
 */
public record Stamp(long traceHigh, long traceLow, long span, long timeUnixNano) {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  /** The stamp of all requests of one pass over a pool. */
  public static Stamp ofCycle(long seed, long cycle, long timeUnixNano) {
    long first = seed + cycle * 3 * GOLDEN;
    long second = first + GOLDEN;
    return new Stamp(mix(first), mix(second), mix(second + GOLDEN), timeUnixNano);
  }

  /** The finalizer of SplitMix64. */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
