package dev.musa.processors.enrich;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.kafka.TopicFollower;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Topics;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import dev.musa.schemas.wire.ResourceSplicer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Lets the benchmarks join requests to pods without a metadata topic. It stands in this package, as
 * the reader of that topic is hidden from others. Knows nothing of the bench.
 */
public final class EnrichDoor {
  private static final String TOPIC = "metadata";

  private final PodIndex index =
      new PodIndex(
          EnrichConfig.defaults(),
          new KafkaConfig(List.of("none:1"), Map.of()),
          new Topics(Topics.DEFAULT_PREFIX),
          new SimpleMeterRegistry(),
          InstantSource.system());
  private final TopicFollower.Reader reader = index.reader();
  private final Enricher enricher = new Enricher(index, InstantSource.system());
  private final ResourceSplicer splicer = new ResourceSplicer(enricher);
  private long offset;

  public EnrichDoor() {
    reader.begin();
  }

  public void put(Pod pod) {
    reader.accept(
        new ConsumerRecord<>(
            TOPIC,
            0,
            offset++,
            MetadataCodec.podKey(pod.cluster(), pod.uid()),
            MetadataCodec.write(pod)));
    reader.upToDate();
  }

  /** The request with its resources joined to their pods, which all have to be known. */
  public byte[] join(RecordHeaders headers, byte[] request) {
    if (!enricher.begin(headers)) {
      throw new IllegalStateException("cluster " + headers.cluster() + " is not known");
    }
    byte[] joined = splicer.splice(request);
    if (!enricher.allKnown()) {
      throw new IllegalStateException("a pod is not known: " + enricher.reason());
    }
    return joined;
  }
}
