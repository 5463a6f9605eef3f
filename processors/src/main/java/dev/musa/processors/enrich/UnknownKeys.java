package dev.musa.processors.enrich;

/**
 * Since when records have been naming keys that no pod has. Who sends from a pod that is not
 * watched, or from none, does so again and again; waiting for it once in a while is enough. For one
 * thread.
 *
 * <p>Two keys in one slot make each other forgotten, and are waited for each time.
 */
final class UnknownKeys {
  /**
   * So long a key is not waited for once waiting was in vain: an address or a name may have another
   * owner by then.
   */
  static final long FORGET_MILLIS = 5 * 60_000;

  private static final int SLOTS = 1 << 12;

  private final long[] keys = new long[SLOTS];
  private final long[] since = new long[SLOTS];

  /**
   * Whether the API has not shown a pod with this key for so long that waiting is in vain.
   *
   * @param key of its own for each key, map and table
   * @param unixMilli when a record came that names it
   * @param seenTo all that the API had shown by then is known
   */
  boolean isHopeless(long key, long unixMilli, long seenTo, long waitMillis) {
    int slot = (int) (key ^ key >>> 32) & (SLOTS - 1);
    if (keys[slot] != key || Math.abs(unixMilli - since[slot]) >= FORGET_MILLIS + waitMillis) {
      keys[slot] = key;
      since[slot] = unixMilli;
      return false;
    }
    return seenTo - since[slot] >= waitMillis;
  }
}
