package dev.musa.app.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/** Reads the dead letters that nobody has dealt with yet. */
final class LetterBox implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** As {@link Letter#id} makes it. */
  private static final Pattern ID = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  private final Consumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final List<String> outlived = new ArrayList<>();

  LetterBox(Consumer<byte[], byte[]> consumer, Topics topics) {
    this.consumer = consumer;
    this.topics = topics;
  }

  static LetterBox connect(KafkaConfig kafka, Topics topics) {
    return new LetterBox(
        new KafkaConsumer<>(kafka.consumerProperties("musa-deadletter", "musa-deadletter")),
        topics);
  }

  /** Hands over all that there are now, partition by partition in their order. */
  void read(java.util.function.Consumer<Letter> each) {
    Set<String> done = done();
    noteOutlived(done);
    readAll(
        topics.deadLetter(),
        record ->
            Letter.of(record, topics)
                .filter(letter -> !done.contains(letter.id()))
                .ifPresent(each));
  }

  private Set<String> done() {
    Set<String> ids = new HashSet<>();
    readAll(
        topics.deadLetterDone(),
        record -> {
          if (record.key() != null) {
            String id = new String(record.key(), UTF_8);
            if (record.value() == null) {
              ids.remove(id);
            } else {
              ids.add(id);
            }
          }
        });
    return ids;
  }

  /** What was done with letters that are no longer there, once {@link #read} has returned. */
  List<String> outlived() {
    return outlived;
  }

  private void noteOutlived(Set<String> done) {
    Map<TopicPartition, Long> begins =
        consumer.beginningOffsets(partitionsOf(topics.deadLetter()), ANSWER);
    outlived.clear();
    for (String id : done) {
      Matcher matcher = ID.matcher(id);
      if (matcher.matches()) {
        TopicPartition partition =
            new TopicPartition(topics.deadLetter(), Integer.parseInt(matcher.group(1)));
        if (Long.parseLong(matcher.group(2)) < begins.getOrDefault(partition, 0L)) {
          outlived.add(id);
        }
      }
    }
  }

  private void readAll(
      String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions = partitionsOf(topic);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (partitions.stream()
        .anyMatch(p -> consumer.position(p, ANSWER) < ends.getOrDefault(p, 0L))) {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
      records.forEach(each);
      if (!records.isEmpty()) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() - deadline > 0) {
        throw new StartupException(
            "topic %s could not be read to its end within %d s; check that Kafka answers"
                .formatted(topic, PATIENCE.toSeconds()));
      }
    }
  }

  private List<TopicPartition> partitionsOf(String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, ANSWER);
    if (found == null || found.isEmpty()) {
      throw new StartupException(
          "topic %s does not exist (expected: made by `musa run`, or by any part of MUSA at its start)"
              .formatted(topic));
    }
    return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
