package dev.musa.processors.sampling;

import java.util.random.RandomGenerator;

/**
 * A keyed bijection of a trace id onto two 64-bit words, so that ids which are not random (padded
 * 64-bit ids, counters, ids chosen to collide) spread like random ones.
 *
 * <p>The words of the last call stay in two fields: no allocation.
 */
class TraceHash {
  private final long key0;
  private final long key1;
  private final long key2;
  private final long key3;

  /** Identifies the trace among those of one {@link #spread} group. */
  long fingerprint;

  /** Says where to look. */
  long spread;

  TraceHash(RandomGenerator keys) {
    key0 = keys.nextLong();
    key1 = keys.nextLong();
    key2 = keys.nextLong();
    key3 = keys.nextLong();
  }

  void of(long high, long low) {
    // Two keyed rounds of MurmurHash3's 128-bit finish.
    long a = high ^ key0;
    long b = low ^ key1;
    a += b;
    b += a;
    a = mix(a) ^ key2;
    b = mix(b) ^ key3;
    a += b;
    b += a;
    a = mix(a);
    b = mix(b);
    a += b;
    fingerprint = a;
    spread = b + a;
  }

  private static long mix(long value) {
    long v = value;
    v ^= v >>> 33;
    v *= 0xff51afd7ed558ccdL;
    v ^= v >>> 33;
    v *= 0xc4ceb9fe1a85ec53L;
    v ^= v >>> 33;
    return v;
  }
}
