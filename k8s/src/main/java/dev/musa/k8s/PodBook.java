package dev.musa.k8s;

import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is published of each pod of one cluster, and what would have to be: whatever the API shows
 * goes out once, and only if it says something new. For one thread.
 */
final class PodBook {
  /** Takes what is to be published, encoded; null deletes the record. */
  interface Output {
    void publish(String uid, byte @Nullable [] pod);
  }

  private final PodMapper mapper;
  private final PodMapper.Surroundings around;
  private final Duration keep;
  private final Output output;
  private final Map<String, Entry> entries = new HashMap<>();

  /** A pod, as it shows itself once it is seen, till then as it was published. */
  private static final class Entry {
    private Pod pod;
    private long published;
    private boolean seen;

    Entry(Pod pod, long published) {
      this.pod = pod;
      this.published = published;
    }
  }

  /**
   * @param keep for how long the record of a pod that is gone may still be asked for
   */
  PodBook(PodMapper mapper, PodMapper.Surroundings around, Duration keep, Output output) {
    this.mapper = mapper;
    this.around = around;
    this.keep = keep;
    this.output = output;
  }

  /** Begins with what a record on the topic says. */
  void restore(Pod published) {
    entries.put(published.uid(), new Entry(published, digest(MetadataCodec.write(published))));
  }

  void forget(String uid) {
    entries.remove(uid);
  }

  /** The API shows this pod. */
  void seen(io.fabric8.kubernetes.api.model.Pod pod, long now) {
    String uid = pod.getMetadata().getUid();
    Entry entry = entries.get(uid);
    if (entry != null && entry.seen && entry.pod.isDeleted()) {
      return; // what comes late of a pod that is gone does not bring it back
    }
    Pod own = mapper.own(pod, entry == null ? null : entry.pod, now);
    if (entry == null) {
      entry = new Entry(own, 0);
      entries.put(uid, entry);
    }
    entry.pod = own;
    entry.seen = true;
    publishIfNew(entry);
  }

  /** Whether the API has shown it since {@link #restore}. */
  boolean hasSeen(String uid) {
    Entry entry = entries.get(uid);
    return entry != null && entry.seen;
  }

  /** The API does not show this pod any more. */
  void gone(String uid, long since) {
    Entry entry = entries.get(uid);
    if (entry != null && !entry.pod.isDeleted()) {
      Pod last = entry.seen ? mapper.complete(entry.pod, around) : entry.pod;
      entry.pod = last.deletedAt(Math.max(since, last.createdUnixMilli()));
      entry.seen = true;
      publish(entry, entry.pod);
    }
  }

  /**
   * The API has shown all that it has: what is published and was not shown is gone.
   *
   * @param lastWatched until when the watcher before this one saw everything; it cannot be said
   *     that a pod was there for longer
   */
  void allSeen(long lastWatched) {
    for (Entry entry : List.copyOf(entries.values())) {
      if (!entry.seen && !entry.pod.isDeleted()) {
        gone(entry.pod.uid(), lastWatched);
      }
    }
  }

  /** What is around these pods has changed. */
  void around(Predicate<Pod> which) {
    for (Entry entry : entries.values()) {
      if (entry.seen && !entry.pod.isDeleted() && which.test(entry.pod)) {
        publishIfNew(entry);
      }
    }
  }

  /** Deletes the records of pods of which nothing can come any more. */
  void expire(long now) {
    List<String> expired = new ArrayList<>();
    for (Entry entry : entries.values()) {
      if (entry.pod.isDeleted() && entry.pod.deletedUnixMilli() + keep.toMillis() < now) {
        expired.add(entry.pod.uid());
      }
    }
    for (String uid : expired) {
      entries.remove(uid);
      output.publish(uid, null);
    }
  }

  /** How many pods there are, without those that are gone. */
  int size() {
    return (int) entries.values().stream().filter(entry -> !entry.pod.isDeleted()).count();
  }

  private void publishIfNew(Entry entry) {
    publish(entry, mapper.complete(entry.pod, around));
  }

  private void publish(Entry entry, Pod whole) {
    byte[] encoded = MetadataCodec.write(whole);
    long digest = digest(encoded);
    if (digest != entry.published) {
      entry.published = digest;
      output.publish(whole.uid(), encoded);
    }
  }

  private static long digest(byte[] encoded) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(encoded);
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
