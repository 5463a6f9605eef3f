package dev.musa.k8s;

import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.schemas.metadata.MetadataCodec;
import dev.musa.schemas.metadata.Pod;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The metadata topic in memory, for Kafka's own fake clients. */
final class FakeMetadataTopic {
  private static final String NAME = "musa.kubernetes.metadata";
  private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private @Nullable MockProducer<byte[], byte[]> producer;
  private int taken;

  /** For the next writer; the one before it is shut out. */
  synchronized MetadataLog openLog() {
    collect();
    if (producer != null && !producer.closed()) {
      producer.fenceProducer();
    }
    MockProducer<byte[], byte[]> next =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    next.initTransactions();
    producer = next;
    taken = 0;
    return new MetadataLog(next, NAME, "edge");
  }

  synchronized FollowedTopic openReader() {
    collect();
    MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    consumer.updatePartitions(
        NAME, List.of(new PartitionInfo(NAME, 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, (long) records.size()));
    consumer.schedulePollTask(() -> {
      for (int offset = 0; offset < records.size(); offset++) {
        ProducerRecord<byte[], byte[]> record = records.get(offset);
        consumer.addRecord(new ConsumerRecord<>(NAME, 0, offset, record.key(), record.value()));
      }
    });
    return new FollowedTopic(consumer, NAME);
  }

  /** The pods by name, as a reader of all that is committed sees them. */
  synchronized Map<String, Pod> pods() {
    collect();
    Map<String, Pod> byUid = new LinkedHashMap<>();
    for (ProducerRecord<byte[], byte[]> record : records) {
      if (MetadataCodec.isPodKey(record.key())) {
        String uid = MetadataCodec.uidOf(record.key());
        if (record.value() == null) {
          byUid.remove(uid);
        } else {
          byUid.put(uid, MetadataCodec.readPod(record.value()));
        }
      }
    }
    Map<String, Pod> byName = new LinkedHashMap<>();
    byUid.values().forEach(pod -> byName.put(pod.name(), pod));
    return byName;
  }

  /** Up to when everything is said to be seen, in milliseconds since the epoch; 0 if nothing is. */
  synchronized long seenTo() {
    collect();
    return records.stream()
        .filter(record -> !MetadataCodec.isPodKey(record.key()) && record.value() != null)
        .mapToLong(record -> MetadataCodec.readWatch(record.value()))
        .max()
        .orElse(0);
  }

  /** How many records of pods were ever committed. */
  synchronized long podRecords() {
    collect();
    return records.stream().filter(record -> MetadataCodec.isPodKey(record.key())).count();
  }

  private void collect() {
    if (producer != null) {
      List<ProducerRecord<byte[], byte[]>> history = producer.history();
      records.addAll(history.subList(taken, history.size()));
      taken = history.size();
    }
  }
}
