package dev.musa.rules;

import dev.musa.rules.publish.PublicationLog;
import dev.musa.runtime.kafka.FollowedTopic;
import java.util.ArrayList;
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

/** A rules topic in memory, for Kafka's own fake clients. */
final class FakeRulesTopic {
  static final String NAME = "musa.rules";
  private static final TopicPartition PARTITION = new TopicPartition(NAME, 0);

  final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private MockProducer<byte[], byte[]> producer;
  private MockConsumer<byte[], byte[]> consumer;
  private int taken;
  private int given;

  FakeRulesTopic() {}

  PublicationLog openLog() {
    collect();
    producer = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    taken = 0;
    try (FollowedTopic reader = openReader()) {
      return PublicationLog.open(producer, reader, NAME);
    }
  }

  FollowedTopic openReader() {
    collect();
    consumer = new MockConsumer<>("none");
    consumer.updatePartitions(
        NAME, List.of(new PartitionInfo(NAME, 0, Node.noNode(), new Node[0], new Node[0])));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, (long) records.size()));
    given = 0;
    consumer.schedulePollTask(this::deliver);
    return new FollowedTopic(consumer, NAME);
  }

  /** What was published since goes to the reader that was opened last. */
  void deliver() {
    collect();
    for (; given < records.size(); given++) {
      ProducerRecord<byte[], byte[]> record = records.get(given);
      consumer.addRecord(new ConsumerRecord<>(NAME, 0, given, record.key(), record.value()));
    }
  }

  void add(byte[] key, byte[] value) {
    collect();
    records.add(new ProducerRecord<>(NAME, 0, key, value));
  }

  /** All that is committed so far. */
  List<ProducerRecord<byte[], byte[]>> collect() {
    if (producer != null) {
      List<ProducerRecord<byte[], byte[]>> history = producer.history();
      records.addAll(history.subList(taken, history.size()));
      taken = history.size();
    }
    return records;
  }

  MockProducer<byte[], byte[]> producer() {
    return producer;
  }

  MockConsumer<byte[], byte[]> consumer() {
    return consumer;
  }
}
