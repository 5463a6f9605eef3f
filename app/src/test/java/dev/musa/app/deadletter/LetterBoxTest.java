package dev.musa.app.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LetterBoxTest {
  private static final Topics TOPICS = new Topics("musa");

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();
  private final LetterBox box = new LetterBox(consumer, TOPICS);

  @AfterEach
  void close() {
    box.close();
  }

  @Test
  void read_lettersThatWereDealtWith_areLeftOut() {
    topic(TOPICS.deadLetter(), 2);
    topic(TOPICS.deadLetterDone(), 1);
    letter(0, 0);
    letter(0, 1);
    letter(1, 0);
    done("0-1", "redriven");
    done("1-0", "dropped");
    done("1-0", null);

    assertThat(read()).containsExactlyInAnyOrder("0-0", "1-0");
  }

  @Test
  void read_recordThatIsNoLetter_isLeftOut() {
    topic(TOPICS.deadLetter(), 1);
    topic(TOPICS.deadLetterDone(), 1);
    add(TOPICS.deadLetter(), 0, 0, null, "x", new RecordHeaders());
    letter(0, 1);

    assertThat(read()).containsExactly("0-1");
  }

  @Test
  void outlived_areOnlyMarksOfLettersThatRetentionHasDeleted() {
    topic(TOPICS.deadLetter(), 2);
    topic(TOPICS.deadLetterDone(), 1);
    letter(0, 5);
    letter(1, 0);
    done("0-4", "dropped");
    done("0-5", "dropped");
    done("0-3", "dropped");
    done("0-3", null);
    done("1-0", "redriven");
    done("not an id", "dropped");

    assertThat(outlived()).containsExactly("0-4");
  }

  private List<String> read() {
    List<String> ids = new ArrayList<>();
    serve(TOPICS.deadLetterDone());
    serve(TOPICS.deadLetter());
    box.read(letter -> ids.add(letter.id()));
    return ids;
  }

  private List<String> outlived() {
    serve(TOPICS.deadLetterDone());
    return box.outlived();
  }

  /** The next poll, which follows an assignment, finds what is on this topic. */
  private void serve(String topic) {
    consumer.schedulePollTask(() ->
        log.forEach((partition, records) -> {
          if (partition.topic().equals(topic)) {
            records.forEach(consumer::addRecord);
          }
        }));
  }

  private void topic(String name, int partitions) {
    List<PartitionInfo> infos = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      TopicPartition partition = new TopicPartition(name, i);
      infos.add(new PartitionInfo(name, i, null, null, null));
      log.put(partition, new ArrayList<>());
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, 0L));
    }
    consumer.updatePartitions(name, infos);
  }

  private void letter(int partition, long offset) {
    Headers headers = new RecordHeaders();
    new DeadLetterHeaders(
            new DeadLetterHeaders.Origin(TOPICS.processed(Signal.LOGS), 0, offset),
            "sink",
            "refused",
            "loki",
            "400",
            "no")
        .writeTo(headers);
    add(TOPICS.deadLetter(), partition, offset, null, "value", headers);
  }

  private void done(String id, @Nullable String how) {
    TopicPartition partition = new TopicPartition(TOPICS.deadLetterDone(), 0);
    add(partition.topic(), 0, log.get(partition).size(), id, how, new RecordHeaders());
  }

  private void add(
      String topic,
      int number,
      long offset,
      @Nullable String key,
      @Nullable String value,
      Headers headers) {
    TopicPartition partition = new TopicPartition(topic, number);
    List<ConsumerRecord<byte[], byte[]>> records = log.get(partition);
    if (records.isEmpty()) {
      consumer.updateBeginningOffsets(Map.of(partition, offset));
    }
    records.add(
        new ConsumerRecord<>(
            topic,
            number,
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            value == null ? 0 : value.length(),
            bytes(key),
            bytes(value),
            headers,
            Optional.empty()));
    consumer.updateEndOffsets(Map.of(partition, offset + 1));
  }

  private static byte @Nullable [] bytes(@Nullable String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }
}
