package dev.musa.processors.enrich;

import dev.musa.schemas.metadata.Pod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The pods of a cluster by what one rule of association looks at. Written by one thread, read by
 * all.
 */
final class KeyMap {
  /**
   * An address or a name tells nothing so long around the time at which its owner changes: the
   * clocks of nodes differ, and what the API shows comes later than it is.
   */
  static final long AMBIGUOUS_MILLIS = 2_000;

  private final List<KeyPart> parts;
  private final boolean exact;
  private final Map<Bytes, Holding[]> holdings = new ConcurrentHashMap<>();

  KeyMap(List<KeyPart> parts) {
    this.parts = parts;
    this.exact = parts.stream().anyMatch(KeyPart::isUnique);
  }

  /** Whether a key leads to one pod for all times. */
  boolean isExact() {
    return exact;
  }

  /** The keys of a pod, with the time in which it has each. */
  Map<Bytes, long[]> keysOf(Pod pod) {
    long until = pod.isDeleted() ? pod.deletedUnixMilli() : Long.MAX_VALUE;
    List<Partial> keys = List.of(new Partial(new Bytes(), pod.createdUnixMilli(), until));
    for (KeyPart part : parts) {
      List<Partial> longer = new ArrayList<>();
      for (Partial key : keys) {
        part.values(pod, (value, from, to) -> longer.add(key.with(value, from, to)));
      }
      keys = longer;
    }
    Map<Bytes, long[]> all = new LinkedHashMap<>();
    for (Partial key : keys) {
      key.bytes.finish();
      // An address that it had twice: all the time between.
      all.merge(
          key.bytes.toKey(),
          new long[] {key.from, key.until},
          (a, b) -> new long[] {Math.min(a[0], b[0]), Math.max(a[1], b[1])});
    }
    return all;
  }

  private record Partial(Bytes bytes, long from, long until) {
    Partial with(byte[] value, long start, long end) {
      Bytes longer = bytes.copy();
      longer.add(value, 0, value.length);
      return new Partial(longer, Math.max(from, start), Math.min(until, end));
    }
  }

  /** Adds that a pod has a key, in the place of what was said of that before. */
  void put(Bytes key, Holding holding) {
    holdings.merge(key, new Holding[] {holding}, (had, _) -> with(had, holding));
  }

  private static Holding[] with(Holding[] had, Holding holding) {
    for (int i = 0; i < had.length; i++) {
      if (had[i].pod().uid.equals(holding.pod().uid)) {
        Holding[] replaced = had.clone();
        replaced[i] = holding;
        return replaced;
      }
    }
    Holding[] longer = Arrays.copyOf(had, had.length + 1);
    longer[had.length] = holding;
    return longer;
  }

  void remove(Bytes key, String uid) {
    holdings.computeIfPresent(
        key,
        (_, had) -> {
          Holding[] left =
              Arrays.stream(had)
                  .filter(each -> !each.pod().uid.equals(uid))
                  .toArray(Holding[]::new);
          return left.length == 0 ? null : left;
        });
  }

  Holding @Nullable [] of(Bytes key) {
    return holdings.get(key);
  }
}
