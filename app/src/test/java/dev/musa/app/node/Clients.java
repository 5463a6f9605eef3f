package dev.musa.app.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Plain Kafka clients of a node under test. */
final class Clients {
  private Clients() {}

  static Admin admin(String bootstrap) {
    return Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  static void createTopic(String bootstrap, String topic, int partitions, Map<String, String> more)
      throws Exception {
    Map<String, String> configs = new HashMap<>(EmbeddedNode.TOPIC_CONFIGS);
    configs.putAll(more);
    try (Admin admin = admin(bootstrap)) {
      admin
          .createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
          .all()
          .get();
    }
  }

  static KafkaProducer<String, String> producer(String bootstrap, Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("bootstrap.servers", bootstrap);
    configs.put("acks", "all");
    configs.putAll(more);
    return new KafkaProducer<>(configs, new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String bootstrap, Map<String, Object> more) {
    Map<String, Object> configs = new HashMap<>();
    configs.put("bootstrap.servers", bootstrap);
    configs.put("auto.offset.reset", "none");
    configs.put("isolation.level", "read_committed");
    configs.put("enable.auto.commit", false);
    configs.putAll(more);
    return new KafkaConsumer<>(configs, new StringDeserializer(), new StringDeserializer());
  }

  /** All committed values of a topic, in order of partition and offset. */
  static List<String> readAll(String bootstrap, String topic, Duration limit) {
    try (var consumer = consumer(bootstrap, Map.of())) {
      List<TopicPartition> partitions =
          IntStream.range(0, consumer.partitionsFor(topic).size())
              .mapToObj(p -> new TopicPartition(topic, p))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<String> values = new ArrayList<>();
      long end = System.nanoTime() + limit.toNanos();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
          values.add(each.value());
        }
        if (System.nanoTime() > end) {
          throw new AssertionError(
              "read " + values.size() + " values in " + limit + ", ends are " + ends);
        }
      }
      return values;
    }
  }
}
