package dev.musa.schemas.wire;

/**
 * The partition of a key, by the formula of Kafka's default partitioner ({@code murmur2(key) mod
 * partitions}), so that every Java producer that keys by the same bytes agrees.
 */
public final class Partitions {
  private static final int SEED = 0x9747b28c;
  private static final int MULTIPLIER = 0x5bd1e995;
  private static final int ROTATION = 24;

  private Partitions() {}

  /** The partition of a trace, keyed by the 16 bytes of its id. */
  public static int ofTrace(long high, long low, int partitions) {
    int hash = SEED ^ 16;
    // The key's bytes are big-endian, murmur2 reads little-endian ints.
    long first = Long.reverseBytes(high);
    long second = Long.reverseBytes(low);
    hash = mix(hash, (int) first);
    hash = mix(hash, (int) (first >>> 32));
    hash = mix(hash, (int) second);
    hash = mix(hash, (int) (second >>> 32));
    return toPartition(finish(hash), partitions);
  }

  public static int ofKey(byte[] key, int partitions) {
    return ofKey(key, 0, key.length, partitions);
  }

  public static int ofKey(byte[] bytes, int offset, int length, int partitions) {
    return toPartition(murmur2(bytes, offset, length), partitions);
  }

  /** The 32-bit MurmurHash2 with the seed that Kafka uses. */
  public static int murmur2(byte[] bytes, int offset, int length) {
    int hash = SEED ^ length;
    int at = offset;
    int wholeInts = offset + (length & ~3);
    for (; at < wholeInts; at += 4) {
      hash = mix(hash, FieldReader.fixed32(bytes, at));
    }
    int rest = offset + length - at;
    if (rest > 0) {
      for (int i = rest - 1; i >= 0; i--) {
        hash ^= (bytes[at + i] & 0xff) << (8 * i);
      }
      hash *= MULTIPLIER;
    }
    return finish(hash);
  }

  private static int mix(int hash, int next) {
    int k = next * MULTIPLIER;
    k ^= k >>> ROTATION;
    k *= MULTIPLIER;
    return (hash * MULTIPLIER) ^ k;
  }

  private static int finish(int hash) {
    int h = hash;
    h ^= h >>> 13;
    h *= MULTIPLIER;
    return h ^ (h >>> 15);
  }

  private static int toPartition(int hash, int partitions) {
    return (hash & 0x7fffffff) % partitions;
  }
}
