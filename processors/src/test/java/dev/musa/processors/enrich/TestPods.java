package dev.musa.processors.enrich;

import dev.musa.runtime.kafka.TopicFollower;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a metadata topic says, told directly. */
public final class TestPods {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final PodIndex index;
  private final TopicFollower.Reader reader;
  private long offset;
  private long now;

  /** With the association rules that there are by default. */
  public TestPods() {
    this(EnrichConfig.defaults());
  }

  public TestPods(EnrichConfig config) {
    this.index =
        new PodIndex(
            config,
            () -> {
              throw new AssertionError("no topic");
            },
            meters,
            () -> Instant.ofEpochMilli(now));
    this.reader = index.reader();
    reader.begin();
  }

  /** An index of no pods, as where there is no Kubernetes. */
  public static PodIndex none() {
    return new TestPods().index();
  }

  public static EnrichConfig withWait(Duration wait) {
    EnrichConfig usual = EnrichConfig.defaults();
    return new EnrichConfig(true, usual.podAssociation(), wait);
  }

  /** What the index takes for the present. */
  public void at(long unixMilli) {
    now = unixMilli;
  }

  public MeterRegistry meters() {
    return meters;
  }

  public PodIndex index() {
    return index;
  }

  /** The whole topic comes anew, as after a failure. */
  public void readAnew() {
    reader.begin();
  }

  public void put(Pod pod) {
    accept(MetadataCodec.podKey(pod.cluster(), pod.uid()), MetadataCodec.write(pod));
  }

  public void remove(String cluster, String uid) {
    accept(MetadataCodec.podKey(cluster, uid), null);
  }

  /** Nobody watches the cluster any more. */
  public void forget(String cluster) {
    accept(MetadataCodec.watchKey(cluster), null);
  }

  /** The watcher of the cluster has seen all up to this time. */
  public void seenTo(String cluster, long unixMilli) {
    accept(MetadataCodec.watchKey(cluster), MetadataCodec.writeWatch(unixMilli));
  }

  private void accept(byte[] key, byte @Nullable [] value) {
    reader.accept(new ConsumerRecord<>("musa.kubernetes.metadata", 0, offset++, key, value));
    reader.upToDate();
  }
}
