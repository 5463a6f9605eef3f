package dev.musa.processors.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class BacklogTest {
  private static final TopicPartition ONE = new TopicPartition("t", 1);
  private static final TopicPartition TWO = new TopicPartition("t", 2);

  private final Backlog backlog = new Backlog();

  @Test
  void oldest_ofPartitionsAndPolls_isTheFirstNotCommitted() {
    backlog.fetched(polled(ONE, 10, 100, 110, 120));
    backlog.fetched(polled(ONE, 13, 130));
    backlog.fetched(polled(TWO, 0, 105));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(100);

    backlog.committed(Map.of(ONE, new OffsetAndMetadata(13)));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(105);

    backlog.committed(Map.of(TWO, new OffsetAndMetadata(1)));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(130);

    backlog.committed(Map.of(ONE, new OffsetAndMetadata(14)));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(Backlog.NOTHING_PENDING);
  }

  @Test
  void fetched_again_replacesWhatWasPending() {
    backlog.fetched(polled(ONE, 10, 100));
    backlog.fetched(polled(ONE, 11, 110));
    backlog.fetched(polled(ONE, 11, 110));

    backlog.committed(Map.of(ONE, new OffsetAndMetadata(12)));

    assertThat(backlog.oldestUnixMilli()).isEqualTo(Backlog.NOTHING_PENDING);
  }

  @Test
  void forget_partition_isNoLongerPending() {
    backlog.fetched(polled(ONE, 10, 100));
    backlog.forget(List.of(ONE));

    assertThat(backlog.oldestUnixMilli()).isEqualTo(Backlog.NOTHING_PENDING);
  }

  private static ConsumerRecords<byte[], byte[]> polled(
      TopicPartition partition, long firstOffset, long... timestamps) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < timestamps.length; i++) {
      records.add(
          new ConsumerRecord<>(
              partition.topic(),
              partition.partition(),
              firstOffset + i,
              timestamps[i],
              TimestampType.LOG_APPEND_TIME,
              0,
              0,
              null,
              new byte[0],
              new RecordHeaders(),
              Optional.empty()));
    }
    return new ConsumerRecords<>(Map.of(partition, records), new HashMap<>());
  }
}
