package dev.musa.app.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.app.topics.TopicReading;
import dev.musa.runtime.kafka.KafkaConfig;
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
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads the dead letters that nobody has dealt with yet. */
final class LetterBox implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** As {@link Letter#id} makes it. */
  private static final Pattern ID = Pattern.compile("(\\d{1,9})-(\\d{1,18})");

  private final Consumer<byte[], byte[]> consumer;
  private final Topics topics;

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
    readAll(
        topics.deadLetter(),
        record ->
            Letter.of(record, topics)
                .filter(letter -> !done.contains(letter.id()))
                .ifPresent(each));
  }

  /** The letters that were dealt with and are no longer there, by their ids. */
  List<String> outlived() {
    Map<TopicPartition, Long> begins =
        consumer.beginningOffsets(TopicReading.partitionsOf(consumer, topics.deadLetter()), ANSWER);
    List<String> outlived = new ArrayList<>();
    for (String id : done()) {
      Matcher matcher = ID.matcher(id);
      if (matcher.matches()) {
        TopicPartition partition =
            new TopicPartition(topics.deadLetter(), Integer.parseInt(matcher.group(1)));
        if (Long.parseLong(matcher.group(2)) < begins.getOrDefault(partition, 0L)) {
          outlived.add(id);
        }
      }
    }
    return outlived;
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

  private void readAll(
      String topic, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
    List<TopicPartition> partitions = TopicReading.partitionsOf(consumer, topic);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    TopicReading.readTo(consumer, consumer.endOffsets(partitions, ANSWER), each);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
