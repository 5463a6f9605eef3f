package dev.musa.processors.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.WaitingHeader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldBackTest {
  private static final TopicPartition WAITING = new TopicPartition("waiting", 0);
  private static final TopicPartition OTHER = new TopicPartition("other", 0);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private long millis = 1_000_000;
  private long nanos = 7;
  private final HeldBack heldBack =
      new HeldBack(Set.of("waiting"), () -> Instant.ofEpochMilli(millis), () -> nanos);

  @BeforeEach
  void assign() {
    consumer.assign(List.of(WAITING, OTHER));
    consumer.updateBeginningOffsets(Map.of(WAITING, 0L, OTHER, 0L));
    consumer.seekToBeginning(List.of(WAITING, OTHER));
  }

  @Test
  void aRecordIsHandedOverWhenItIsDue_andItsNeighboursAtOnce() {
    add(WAITING, 0, millis - 1);
    add(WAITING, 1, millis + 2_000);
    add(WAITING, 2, millis + 2_100);
    add(OTHER, 0, null);
    ConsumerRecords<byte[], byte[]> first = poll();
    assertThat(offsets(first, WAITING)).containsExactly(0L);
    assertThat(offsets(first, OTHER)).containsExactly(0L);
    assertThat(first.nextOffsets().get(WAITING).offset()).isEqualTo(1);
    assertThat(consumer.position(WAITING)).isEqualTo(1);
    assertThat(consumer.paused()).containsExactly(WAITING);

    pass(1_999);
    assertThat(poll().isEmpty()).isTrue();

    pass(1);
    add(WAITING, 1, 1_002_000L);
    add(WAITING, 2, 1_002_100L);
    assertThat(offsets(poll(), WAITING)).containsExactly(1L);
    pass(100);
    add(WAITING, 2, 1_002_100L);
    assertThat(offsets(poll(), WAITING)).containsExactly(2L);
    assertThat(consumer.paused()).isEmpty();
  }

  @Test
  void nothingIsHandedOver_ofAPartitionWhoseFirstRecordWaits() {
    add(WAITING, 0, millis + 2_000);
    ConsumerRecords<byte[], byte[]> records = poll();

    assertThat(records.isEmpty()).isTrue();
    assertThat(records.nextOffsets()).doesNotContainKey(WAITING);
    assertThat(consumer.position(WAITING)).isZero();
  }

  @Test
  void whatItsOwnerHasPaused_staysPaused_andIsFetchedWhenBothWantIt() {
    add(WAITING, 0, millis + 2_000);
    poll();
    heldBack.paused(List.of(WAITING));
    pass(1_000);
    assertThat(heldBack.resumed(List.of(WAITING, OTHER))).containsExactly(OTHER);
    heldBack.paused(List.of(WAITING));
    pass(1_000);
    heldBack.release(consumer);
    assertThat(consumer.paused()).containsExactly(WAITING);
    assertThat(heldBack.resumed(List.of(WAITING))).containsExactly(WAITING);
  }

  @Test
  void aClockThatIsSetBack_makesNothingWaitLonger() {
    add(WAITING, 0, millis + 2_000);
    poll();
    millis -= TimeUnit.HOURS.toMillis(1);
    nanos += TimeUnit.SECONDS.toNanos(2);
    add(WAITING, 0, 1_002_000L);

    assertThat(offsets(poll(), WAITING)).containsExactly(0L);
  }

  @Test
  void whoResumesThePartitionTooEarly_isGivenNothing() {
    add(WAITING, 0, millis + 2_000);
    poll();
    consumer.resume(List.of(WAITING));
    pass(500);
    add(WAITING, 0, 1_002_000L);

    assertThat(poll().isEmpty()).isTrue();
    assertThat(consumer.paused()).containsExactly(WAITING);
  }

  @Test
  void aRecordThatDoesNotSayUntilWhen_isHandedOver() {
    add(WAITING, 0, null);

    assertThat(offsets(poll(), WAITING)).containsExactly(0L);
  }

  private void pass(long more) {
    millis += more;
    nanos += TimeUnit.MILLISECONDS.toNanos(more);
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    heldBack.release(consumer);
    return heldBack.keepBack(consumer.poll(Duration.ZERO), consumer);
  }

  private static List<Long> offsets(
      ConsumerRecords<byte[], byte[]> records, TopicPartition partition) {
    return records.records(partition).stream().map(ConsumerRecord::offset).toList();
  }

  private void add(TopicPartition partition, long offset, @Nullable Long until) {
    RecordHeaders headers = new RecordHeaders();
    if (until != null) {
      WaitingHeader.write(headers, until);
    }
    consumer.addRecord(
        new ConsumerRecord<>(
            partition.topic(),
            partition.partition(),
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            new byte[0],
            headers,
            Optional.empty()));
  }
}
