package dev.musa.processors.stages;

/**
 * The part of one limit that this process may spend. Today it is the whole limit; a share of a
 * cluster-wide limit is another implementation. Thread-safe: all tasks of a process draw from it.
 *
 * <p>A bucket fills by the time of the records that ask, the latest that any of them has had: so a
 * partition that lags behind the others gets what the limit gives now, not again what it gave then.
 * Buckets live in memory and start full.
 */
public interface LimitShare {

  /**
   * Takes one token of a key, unless none is left.
   *
   * @param key the key's bytes, copied when they must be kept
   * @param recordTimeMillis time of the record that asks; a bucket's time never runs back
   * @param work the transaction that spends the token, and gives it back when it aborts
   */
  boolean take(byte[] key, int length, long recordTimeMillis, UnitOfWork work);
}
