package dev.musa.processors.sampling;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of decided traces, for late spans and for pass two: 11 bytes each, about 11.5 with
 * slack.
 *
 * <p>A trace is known by a 64-bit fingerprint within one of 512 leaves that nine other bits of its
 * hash choose: with n traces remembered, a new trace is taken for one of them with probability n /
 * 2^73 (3 million: 3e-16, at 5000 new traces a second once in 20 000 years). It then shares that
 * outcome with all its spans: not split, but judged by another's features. Two traces that collide
 * while both still wait are told apart: the second one's outcome is kept under its full id.
 *
 * <p>An entry belongs to a generation, which ends a sixteenth of the time to live after it began;
 * all entries of a generation are forgotten together.
 */
final class RememberedTraces {
  private static final int LEAF_BITS = 9;

  private final Leaf[] leaves = new Leaf[1 << LEAF_BITS];
  private final Interned<Outcome> outcomes = new Interned<>();
  private final Map<TraceId, Entry> collided = new HashMap<>();
  private final Generations generations;
  private int size;
  private long collisions;

  RememberedTraces(long timeToLiveMillis) {
    generations = new Generations(Math.max(1, timeToLiveMillis / 16));
    Arrays.setAll(leaves, _ -> new Leaf());
  }

  int size() {
    return size;
  }

  /** How many traces had another's fingerprint while both waited. */
  long collisions() {
    return collisions;
  }

  /** The trace's outcome, or null if it is not remembered. */
  @Nullable Outcome find(TraceHash hash, long high, long low) {
    if (!collided.isEmpty()) {
      Entry entry = collided.get(new TraceId(high, low));
      if (entry != null) {
        return entry.outcome;
      }
    }
    Leaf leaf = leaf(hash);
    int at = leaf.find(hash.fingerprint);
    return at < 0 ? null : outcomes.get(leaf.outcomes[at]);
  }

  /** As {@link #find}, and remembers what it finds until the time to live after {@code now}. */
  @Nullable Outcome findAndRefresh(TraceHash hash, long high, long low, long now) {
    if (!collided.isEmpty()) {
      TraceId id = new TraceId(high, low);
      Entry entry = collided.get(id);
      if (entry != null) {
        collided.put(id, new Entry(entry.outcome, generations.move(entry.generation, now)));
        return entry.outcome;
      }
    }
    Leaf leaf = leaf(hash);
    int at = leaf.find(hash.fingerprint);
    if (at < 0) {
      return null;
    }
    leaf.generations[at] = generations.move(leaf.generations[at], now);
    return outcomes.get(leaf.outcomes[at]);
  }

  /** Remembers a trace that pass one has just decided and that was not remembered before. */
  void put(TraceHash hash, long high, long low, Outcome outcome, long now) {
    Leaf leaf = leaf(hash);
    int at = leaf.find(hash.fingerprint);
    if (at < 0) {
      leaf.insert(-at - 1, hash.fingerprint, outcomes.use(outcome), generations.enter(now));
      size++;
      return;
    }
    collisions++;
    if (collided.put(new TraceId(high, low), new Entry(outcome, generations.enter(now))) == null) {
      size++;
    }
  }

  /** Remembers a decision read back; of several for one trace the last one holds. */
  void restore(TraceHash hash, Outcome outcome, long now) {
    Leaf leaf = leaf(hash);
    int at = leaf.find(hash.fingerprint);
    if (at < 0) {
      leaf.insert(-at - 1, hash.fingerprint, outcomes.use(outcome), generations.enter(now));
      size++;
      return;
    }
    outcomes.release(leaf.outcomes[at]);
    leaf.outcomes[at] = outcomes.use(outcome);
    leaf.generations[at] = generations.move(leaf.generations[at], now);
  }

  /** Forgets the generations whose last stamp is before this time. */
  void forgetBefore(long time) {
    int count = generations.endedBefore(time);
    if (count > 0) {
      forget(count);
    }
  }

  /** Forgets the oldest generation if its last stamp is before this time; whether it did. */
  boolean forgetOldestBefore(long time) {
    if (generations.endedBefore(time) == 0) {
      return false;
    }
    forget(1);
    return true;
  }

  private Leaf leaf(TraceHash hash) {
    return leaves[(int) (hash.spread >>> (Long.SIZE - LEAF_BITS))];
  }

  private void forget(int oldest) {
    if (generations.entriesOfOldest(oldest) > 0) {
      for (Leaf leaf : leaves) {
        size -= leaf.forget(generations, oldest, outcomes);
      }
      int before = collided.size();
      collided.values().removeIf(entry -> generations.age(entry.generation) < oldest);
      size -= before - collided.size();
    }
    generations.removeOldest(oldest);
  }

  private record TraceId(long high, long low) {}

  private record Entry(Outcome outcome, byte generation) {}

  /** Entries sorted by fingerprint in arrays that grow by a sixteenth. */
  private static final class Leaf {
    private int size;
    private long[] fingerprints = new long[0];
    private char[] outcomes = new char[0];
    private byte[] generations = new byte[0];

    int find(long fingerprint) {
      return Arrays.binarySearch(fingerprints, 0, size, fingerprint);
    }

    void insert(int at, long fingerprint, char outcome, byte generation) {
      if (size == fingerprints.length) {
        resize(size + Math.max(4, size / 16));
      }
      System.arraycopy(fingerprints, at, fingerprints, at + 1, size - at);
      System.arraycopy(outcomes, at, outcomes, at + 1, size - at);
      System.arraycopy(generations, at, generations, at + 1, size - at);
      fingerprints[at] = fingerprint;
      outcomes[at] = outcome;
      generations[at] = generation;
      size++;
    }

    int forget(Generations all, int oldest, Interned<Outcome> interned) {
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (all.age(generations[i]) < oldest) {
          interned.release(outcomes[i]);
        } else {
          fingerprints[kept] = fingerprints[i];
          outcomes[kept] = outcomes[i];
          generations[kept] = generations[i];
          kept++;
        }
      }
      int forgotten = size - kept;
      size = kept;
      // With room for what comes next, or the next one would make it grow again.
      if (fingerprints.length > size + Math.max(8, size / 12)) {
        resize(size + Math.max(4, size / 32));
      }
      return forgotten;
    }

    private void resize(int capacity) {
      fingerprints = Arrays.copyOf(fingerprints, capacity);
      outcomes = Arrays.copyOf(outcomes, capacity);
      generations = Arrays.copyOf(generations, capacity);
    }
  }
}
