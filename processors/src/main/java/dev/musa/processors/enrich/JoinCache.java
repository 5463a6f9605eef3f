package dev.musa.processors.enrich;

import dev.musa.schemas.wire.AttributeEditor;
import dev.musa.schemas.wire.ResourceView;
import org.jspecify.annotations.Nullable;

/**
 * What the last resources lacked: senders send the same resource again and again. Holds only what
 * does not depend on the time, and only as long as nothing new is known of the pod. For one thread.
 */
final class JoinCache {
  private static final int SLOTS = 1 << 12;

  /** Larger ones are rare, and not worth the memory. */
  private static final int MOST_BYTES = 2 << 10;

  private final @Nullable Entry[] entries = new Entry[SLOTS];

  /** The resource that each slot had no room for: only who comes twice in a row is let in. */
  private final long[] refused = new long[SLOTS];

  private static final class Entry {
    private final long table;
    private final IndexedPod pod;
    private final byte[] sent;
    private final byte[] missing;

    Entry(long table, IndexedPod pod, byte[] sent, byte[] missing) {
      this.table = table;
      this.pod = pod;
      this.sent = sent;
      this.missing = missing;
    }
  }

  /** Adds what a resource lacks, if that is known. */
  boolean extend(PodTable table, ResourceView sent, long hash, AttributeEditor into) {
    Entry entry = entries[slot(hash)];
    if (entry == null
        || entry.table != table.id()
        || entry.pod.isOutdated()
        || !sent.contentEquals(entry.sent)) {
      return false;
    }
    if (entry.missing.length > 0) {
      into.append(entry.missing);
    }
    return true;
  }

  /** Remembers what a resource lacked. */
  void put(PodTable table, IndexedPod pod, ResourceView sent, long hash, AttributeEditor lacked) {
    int slot = slot(hash);
    Entry before = entries[slot];
    if (sent.size() > MOST_BYTES
        || (before != null && !before.pod.isOutdated() && refused[slot] != hash)) {
      refused[slot] = hash;
      return;
    }
    byte[] missing = lacked.additions(ResourceView.ATTRIBUTES);
    if (missing != null) {
      byte[] copy = new byte[sent.size()];
      sent.copyTo(copy, 0);
      entries[slot] = new Entry(table.id(), pod, copy, missing);
    }
  }

  private static int slot(long hash) {
    return (int) hash & (SLOTS - 1);
  }
}
