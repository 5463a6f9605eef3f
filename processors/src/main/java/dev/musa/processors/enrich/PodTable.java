package dev.musa.processors.enrich;

import dev.musa.schemas.metadata.Pod;
import dev.musa.schemas.wire.EncodedAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The pods of one cluster. Written by one thread, read by all. */
final class PodTable {
  /**
   * The watcher says every half second how far it has come; later than this it may have stopped,
   * and an address may have another owner. No network gives one away again so soon.
   */
  private static final long STALE_MILLIS = 1_000;

  private static final EncodedAttribute[] NO_IDENTITY = {};

  private static final AtomicLong TABLES = new AtomicLong();

  private final long id = TABLES.incrementAndGet();
  private final List<KeyMap> maps;
  private final PodEncoder encoder;
  private final Map<String, IndexedPod> byUid = new HashMap<>();
  private final Map<String, Integer> ranges = new ConcurrentHashMap<>();
  private volatile EncodedAttribute[] identity = NO_IDENTITY;
  private volatile long seenTo;
  private volatile int size;

  /**
   * @param maps empty, one for each way to find a pod
   */
  PodTable(List<KeyMap> maps, PodEncoder encoder) {
    this.maps = List.copyOf(maps);
    this.encoder = encoder;
  }

  /** Of this table alone, as after a failure there is another one for the same cluster. */
  long id() {
    return id;
  }

  int size() {
    return size;
  }

  void put(Pod pod) {
    IndexedPod before = byUid.get(pod.uid());
    IndexedPod now = index(pod);
    byUid.put(pod.uid(), now);
    size = byUid.size();
    for (String range : now.ranges) {
      ranges.merge(range, 1, Integer::sum);
    }
    if (now.encoding.identity.length > 0) {
      identity = now.encoding.identity;
    }
    if (before != null) {
      for (int i = 0; i < before.keys.length; i++) {
        if (!now.has(before.keys[i], before.maps[i])) {
          maps.get(before.maps[i]).remove(before.keys[i], before.uid);
        }
      }
      release(before);
    }
  }

  void remove(String uid) {
    IndexedPod gone = byUid.remove(uid);
    size = byUid.size();
    if (gone != null) {
      for (int i = 0; i < gone.keys.length; i++) {
        maps.get(gone.maps[i]).remove(gone.keys[i], uid);
      }
      release(gone);
    }
  }

  /** All that the API had shown by then has been put. */
  void seenTo(long unixMilli) {
    seenTo = unixMilli;
  }

  /** Up to when it holds all that the API has shown, in milliseconds since the epoch. */
  long seenTo() {
    return seenTo;
  }

  /** Whether it holds nothing, and nobody says that there is anything to watch. */
  boolean isGone() {
    return size == 0 && seenTo == 0;
  }

  /** Whether some pod had the key at some time. */
  boolean has(int map, Bytes key) {
    return maps.get(map).of(key) != null;
  }

  /** What no sender of this cluster may say otherwise. */
  EncodedAttribute[] identity() {
    return identity;
  }

  /** Whether pods have had addresses near this one. */
  boolean isPodRange(String canonicalIp) {
    String range = Ip.range(canonicalIp);
    return range != null && ranges.containsKey(range);
  }

  /**
   * Looks for the pod that had a key at some time.
   *
   * @param byAddress whether the key holds an address
   * @param into takes the pod if there is one
   */
  Match find(int map, boolean byAddress, Bytes key, long unixMilli, Found into) {
    into.pod = null;
    into.forAllTimes = false;
    KeyMap of = maps.get(map);
    Holding[] holdings = of.of(key);
    if (holdings == null) {
      return Match.UNKNOWN;
    }
    if (of.isExact()) {
      into.forAllTimes = true;
      into.pod = holdings[holdings.length - 1].pod();
      return Match.FOUND;
    }
    if (seenTo < unixMilli - STALE_MILLIS) {
      return Match.UNKNOWN;
    }
    return at(holdings, byAddress, unixMilli, into);
  }

  /** A pod to be found. */
  static final class Found {
    @Nullable IndexedPod pod;

    /** Whether the same key leads to it at any time. */
    boolean forAllTimes;
  }

  private static Match at(Holding[] holdings, boolean byAddress, long unixMilli, Found into) {
    IndexedPod found = null;
    boolean nearby = false;
    boolean hosts = false;
    for (Holding holding : holdings) {
      boolean has = unixMilli >= holding.from() && unixMilli < holding.until();
      if (!has && !isNearby(holding, unixMilli)) {
        continue;
      }
      if (byAddress && holding.pod().hostNetwork) {
        hosts = true;
      } else if (found != null || nearby) {
        return Match.AMBIGUOUS;
      } else if (has) {
        found = holding.pod();
      } else {
        nearby = true;
      }
    }
    if (found != null) {
      into.pod = found;
      return Match.FOUND;
    }
    return hosts ? Match.HOST_NETWORK : Match.UNKNOWN;
  }

  private static boolean isNearby(Holding holding, long unixMilli) {
    return unixMilli >= holding.from() - KeyMap.AMBIGUOUS_MILLIS
        && (holding.until() == Long.MAX_VALUE
            || unixMilli < holding.until() + KeyMap.AMBIGUOUS_MILLIS);
  }

  private IndexedPod index(Pod pod) {
    List<Bytes> keys = new ArrayList<>();
    List<long[]> times = new ArrayList<>();
    byte[] ofMap = new byte[16];
    for (int map = 0; map < maps.size(); map++) {
      for (Map.Entry<Bytes, long[]> key : maps.get(map).keysOf(pod).entrySet()) {
        if (keys.size() == ofMap.length) {
          ofMap = Arrays.copyOf(ofMap, ofMap.length * 2);
        }
        ofMap[keys.size()] = (byte) map;
        keys.add(key.getKey());
        times.add(key.getValue());
      }
    }
    IndexedPod indexed =
        new IndexedPod(
            pod.uid(),
            pod.hostNetwork(),
            keys.toArray(Bytes[]::new),
            Arrays.copyOf(ofMap, keys.size()),
            rangesOf(pod),
            encoder.encode(pod));
    for (int i = 0; i < keys.size(); i++) {
      long[] time = times.get(i);
      maps.get(ofMap[i]).put(keys.get(i), new Holding(indexed, time[0], time[1]));
    }
    return indexed;
  }

  private static String[] rangesOf(Pod pod) {
    return pod.hostNetwork()
        ? new String[0]
        : pod.addresses().stream()
            .map(address -> Ip.range(Ip.canonical(address.ip())))
            .filter(Objects::nonNull)
            .distinct()
            .toArray(String[]::new);
  }

  private void release(IndexedPod gone) {
    gone.outdate();
    encoder.release(gone.encoding.shared);
    for (String range : gone.ranges) {
      ranges.computeIfPresent(range, (_, pods) -> pods == 1 ? null : pods - 1);
    }
  }
}
