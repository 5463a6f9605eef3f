package dev.musa.processors.stages;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * A whole limit, held by this process: one token bucket per key, exact across all threads.
 *
 * <p>The number of keys is bounded. Beyond it the least recently used keys are looked at and the
 * fullest bucket among them is forgotten: if it is full, nobody can tell; if not, its key starts
 * again with a full bucket, so it gets at most one burst too much, and {@code forgotten} is told.
 */
final class TokenBuckets implements LimitShare {
  private static final int STRIPES = 16;
  private static final int KEYS_WORTH_STRIPES = 4096;
  private static final int CANDIDATES = 8;

  private final Rate rate;
  private final Runnable forgotten;
  private final LongSupplier nanoClock;
  private final Stripe[] stripes;

  TokenBuckets(Rate rate, int mostKeys, Runnable forgotten, LongSupplier nanoClock) {
    if (mostKeys < 1) {
      throw new IllegalArgumentException("mostKeys: " + mostKeys + " (expected: >= 1)");
    }
    this.rate = rate;
    this.forgotten = forgotten;
    this.nanoClock = nanoClock;
    this.stripes = new Stripe[mostKeys < KEYS_WORTH_STRIPES ? 1 : STRIPES];
    Arrays.setAll(stripes, _ -> new Stripe(mostKeys / stripes.length));
  }

  @Override
  public boolean take(byte[] key, int length, long recordTimeMillis, UnitOfWork work) {
    int hash = hash(key, length);
    return stripes[Math.floorMod(hash, stripes.length)].take(
        key, length, hash, recordTimeMillis, work);
  }

  int keys() {
    return Arrays.stream(stripes).mapToInt(Stripe::size).sum();
  }

  private static int hash(byte[] key, int length) {
    int hash = 1;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + key[i];
    }
    // Spread, because both the stripe and the table's slot come from the low bits.
    return (hash ^ (hash >>> 16)) * 0x9E3779B1;
  }

  /** Keys that share a lock. */
  private final class Stripe {
    private final int mostKeys;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Key, TokenBucket> buckets = new LinkedHashMap<>(16, 0.75f, true);
    private final Key probe = new Key();

    Stripe(int mostKeys) {
      this.mostKeys = mostKeys;
    }

    boolean take(byte[] key, int length, int hash, long recordTimeMillis, UnitOfWork work) {
      lock.lock();
      try {
        probe.set(key, length, hash);
        TokenBucket bucket = buckets.get(probe);
        if (bucket == null) {
          if (buckets.size() >= mostKeys) {
            forgetOne(recordTimeMillis);
          }
          bucket = new TokenBucket(rate, recordTimeMillis, lock);
          buckets.put(probe.copy(), bucket);
        }
        return bucket.take(recordTimeMillis, work, nanoClock);
      } finally {
        lock.unlock();
      }
    }

    private void forgetOne(long recordTimeMillis) {
      Iterator<Map.Entry<Key, TokenBucket>> leastRecent = buckets.entrySet().iterator();
      Key victim = leastRecent.next().getKey();
      long leastMissing = Long.MAX_VALUE;
      Iterator<Map.Entry<Key, TokenBucket>> candidates = buckets.entrySet().iterator();
      for (int i = 0; i < CANDIDATES && leastMissing > 0 && candidates.hasNext(); i++) {
        Map.Entry<Key, TokenBucket> candidate = candidates.next();
        long missing = candidate.getValue().missing(recordTimeMillis);
        if (missing < leastMissing) {
          leastMissing = missing;
          victim = candidate.getKey();
        }
      }
      buckets.remove(victim);
      if (leastMissing > 0) {
        forgotten.run();
      }
    }

    int size() {
      lock.lock();
      try {
        return buckets.size();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A key's bytes; one mutable instance per stripe looks up without allocating. */
  private static final class Key {
    private byte[] bytes = {};
    private int length;
    private int hash;

    void set(byte[] bytes, int length, int hash) {
      this.bytes = bytes;
      this.length = length;
      this.hash = hash;
    }

    Key copy() {
      Key copy = new Key();
      copy.set(Arrays.copyOf(bytes, length), length, hash);
      return copy;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }
  }
}
