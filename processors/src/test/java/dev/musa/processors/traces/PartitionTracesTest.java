package dev.musa.processors.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.processors.sampling.SamplerLimits;
import dev.musa.processors.stages.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What pass two is handed by pass one, and what it has to fetch itself. */
class PartitionTracesTest {
  private static final TopicPartition RAW = new TopicPartition("raw", 0);
  private static final int MEBIBYTE = 1 << 20;

  private final TraceProgram rules =
      new TracePrograms(new TestRuleSets(), new Limits(new SimpleMeterRegistry(), 10)).at(0);
  private final PartitionTraces partition =
      new PartitionTraces(
          RAW,
          100,
          100,
          new SamplerLimits(600_000, 1000, 1000),
          new SplittableRandom(1),
          (_, _, _) -> {});

  @Test
  void recordsHandedInARow_needNoFetch() {
    readAndHand(100, 1);
    readAndHand(101, 1);
    assertThat(passTwo()).containsExactly(100L, 101L);
    assertThat(partition.needsFetch()).isFalse();
    assertThat(partition.position()).isEqualTo(102);
  }

  @Test
  void offsetsWithoutRecords_areNoGap() {
    readAndHand(100, 1);
    readAndHand(103, 1);
    assertThat(passTwo()).containsExactly(100L, 103L);
    partition.readUpTo(107);
    assertThat(partition.position()).isEqualTo(107);
    assertThat(partition.fetchedTo()).isEqualTo(107);
    readAndHand(108, 1);
    assertThat(passTwo()).containsExactly(108L);
  }

  @Test
  void behindARecordThatWasNotHanded_allAreFetched() {
    read(100, 1);
    readAndHand(101, 1);
    partition.readUpTo(102);
    assertThat(passTwo()).isEmpty();
    assertThat(partition.needsFetch()).isTrue();
    assertThat(partition.fetchedTo()).isEqualTo(100);
    partition.add(record(100, 1));
    partition.add(record(101, 1));
    assertThat(passTwo()).containsExactly(100L, 101L);
    readAndHand(102, 1);
    assertThat(passTwo()).containsExactly(102L);
  }

  @Test
  void beyondAFewMebibytes_nothingIsHanded_untilPassTwoHasCaughtUp() {
    for (int offset = 100; offset < 106; offset++) {
      readAndHand(offset, MEBIBYTE);
    }
    partition.readUpTo(106);
    assertThat(passTwo()).containsExactly(100L, 101L, 102L, 103L);
    assertThat(partition.needsFetch()).isTrue();
    assertThat(partition.fetchedTo()).isEqualTo(104);
    partition.add(record(104, MEBIBYTE));
    partition.add(record(105, MEBIBYTE));
    readAndHand(106, MEBIBYTE);
    assertThat(passTwo()).containsExactly(104L, 105L, 106L);
  }

  @Test
  void whatPassTwoHasFetchedAhead_isNotHandedAgain() {
    partition.add(record(100, 1));
    partition.add(record(101, 1));
    readAndHand(100, 1);
    readAndHand(101, 1);
    readAndHand(102, 1);
    assertThat(passTwo()).containsExactly(100L, 101L, 102L);
  }

  @Test
  void whatAFetchBringsOfTheHanded_isNotTakenTwice() {
    readAndHand(100, 1);
    partition.add(record(100, 1));
    partition.add(record(101, 1));
    read(101, 1);
    assertThat(passTwo()).containsExactly(100L, 101L);
  }

  private void readAndHand(long offset, int bytes) {
    long readBefore = partition.sampler().nextToRead();
    partition.hand(read(offset, bytes), readBefore, null);
  }

  private ConsumerRecord<byte[], byte[]> read(long offset, int bytes) {
    partition.sampler().read(offset, offset, rules);
    return record(offset, bytes);
  }

  private List<Long> passTwo() {
    List<Long> offsets = new ArrayList<>();
    for (var next = partition.nextDecided(); next != null; next = partition.nextDecided()) {
      offsets.add(next.record().offset());
    }
    return offsets;
  }

  private static ConsumerRecord<byte[], byte[]> record(long offset, int bytes) {
    return new ConsumerRecord<>(RAW.topic(), RAW.partition(), offset, null, new byte[bytes]);
  }
}
