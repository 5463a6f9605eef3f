package dev.musa.k8s;

import dev.musa.schemas.metadata.MetadataCodec;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is published of pods, where nothing is watched: what the API would show is told directly.
 */
public final class PublishedPods {
  /** Takes the key and the value of a record. */
  @FunctionalInterface
  public interface Output {
    void put(byte[] key, byte @Nullable [] value);
  }

  private final String cluster;
  private final Output output;

  /** What the topic holds, by uid. */
  private final Map<String, byte[]> topic = new LinkedHashMap<>();

  private PodBook book;

  public PublishedPods(String cluster, Output output) {
    this.cluster = cluster;
    this.output = output;
    this.book = book();
  }

  /** The API shows a pod, at that time in milliseconds since the epoch. */
  public void seen(Pod pod, long now) {
    book.seen(pod, now);
  }

  /** The API shows a pod no more. */
  public void gone(String uid, long now) {
    book.gone(uid, now);
  }

  /** All that the API had shown by then was told. */
  public void seenTo(long unixMilli) {
    output.put(MetadataCodec.watchKey(cluster), MetadataCodec.writeWatch(unixMilli));
  }

  /**
   * Another watcher begins with what the topic holds, and is shown all that there is.
   *
   * @param lastWatched until when the one before had seen everything
   */
  public void startAgain(Iterable<Pod> shown, long lastWatched, long now) {
    book = book();
    topic.values().forEach(pod -> book.restore(MetadataCodec.readPod(pod)));
    shown.forEach(pod -> book.seen(pod, now));
    book.allSeen(lastWatched);
  }

  private PodBook book() {
    KubernetesConfig.Extract extract = KubernetesConfig.defaults().extract();
    return new PodBook(
        new PodMapper(cluster, extract),
        new OwnerStore(extract),
        Duration.ofDays(1),
        (uid, pod) -> {
          if (pod == null) {
            topic.remove(uid);
          } else {
            topic.put(uid, pod);
          }
          output.put(MetadataCodec.podKey(cluster, uid), pod);
        });
  }
}
