package dev.musa.benchmarks.kafka;

import dev.musa.benchmarks.payload.KnownPods;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes what a watcher of Kubernetes would say. */
public final class MetadataRecords {
  private MetadataRecords() {}

  /** Returns when Kafka has all of them. */
  public static void write(String bootstrapServers, String topic, KnownPods pods) {
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ProducerSettings.of(bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < pods.number(); i++) {
        Pod pod = pods.get(i);
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topic,
                    MetadataCodec.podKey(pod.cluster(), pod.uid()),
                    MetadataCodec.write(pod)),
                (_, exception) -> {
                  if (exception != null) {
                    failures.add(exception);
                  }
                });
      }
    }
    Exception first = failures.peek();
    if (first != null) {
      throw new IllegalStateException("Kafka did not take the record of a pod", first);
    }
  }
}
