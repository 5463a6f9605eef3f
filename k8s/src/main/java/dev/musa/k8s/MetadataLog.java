package dev.musa.k8s;

import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.Topics;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * The metadata topic as the one writer of a cluster has it. Its transactional id shuts out a writer
 * before it that has not noticed yet that it is not the one any more.
 */
final class MetadataLog implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final String cluster;
  private boolean begun;
  private long seenTo;

  MetadataLog(Producer<byte[], byte[]> producer, String topic, String cluster) {
    this.producer = producer;
    this.topic = topic;
    this.cluster = cluster;
  }

  /** Throws {@link KafkaException} if Kafka does not take it. */
  static MetadataLog open(KafkaConfig kafka, Topics topics, String cluster) {
    String topic = topics.kubernetesMetadata();
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            kafka.soleWriterProperties("musa-kubernetes-" + cluster, topic + "." + cluster));
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close();
      throw e;
    }
    return new MetadataLog(producer, topic, cluster);
  }

  /**
   * Reads what stands on the topic of this cluster. Only once this writer is the one: what another
   * one writes is not missed then.
   */
  void restore(FollowedTopic reader, Consumer<Pod> pods, Consumer<String> deletedUids) {
    reader.readToEnd(record -> {
      byte[] key = record.key();
      if (key == null || !MetadataCodec.clusterOf(key).equals(cluster)) {
        return;
      }
      byte[] value = record.value();
      if (!MetadataCodec.isPodKey(key)) {
        seenTo = value == null ? 0 : MetadataCodec.readWatch(value);
      } else if (value == null) {
        deletedUids.accept(MetadataCodec.uidOf(key));
      } else {
        pods.accept(MetadataCodec.readPod(value));
      }
    });
  }

  /** Up to when the writers before this one had seen everything; 0 if there was none. */
  long seenTo() {
    return seenTo;
  }

  /** Adds an encoded pod to what {@link #commit} makes visible; null deletes the record. */
  void put(String uid, byte @Nullable [] pod) {
    send(MetadataCodec.podKey(cluster, uid), pod);
  }

  /** Says that all that the API had shown by then has been put. */
  void seenTo(long unixMilli) {
    seenTo = unixMilli;
    send(MetadataCodec.watchKey(cluster), MetadataCodec.writeWatch(unixMilli));
  }

  /** Throws {@link KafkaException}; then nothing of it is visible, and this cannot be used on. */
  void commit() {
    if (begun) {
      producer.commitTransaction();
      begun = false;
    }
  }

  private void send(byte[] key, byte @Nullable [] value) {
    if (!begun) {
      producer.beginTransaction();
      begun = true;
    }
    var _ = producer.send(new ProducerRecord<>(topic, 0, key, value));
  }

  @Override
  public void close() {
    producer.close();
  }
}
