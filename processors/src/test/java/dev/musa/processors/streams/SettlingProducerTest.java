package dev.musa.processors.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.musa.processors.RecordedCounts;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.Line;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SettlingProducerTest {
  private static final TopicPartition PARTITION = new TopicPartition("t", 0);
  private static final Account ACCOUNT = new Account(Account.PROCESSORS, Signal.LOGS, "t", 0);

  private final RecordedCounts counts = new RecordedCounts();
  private final Transactions transactions = new Transactions(counts);
  private final Backlog backlog = new Backlog();
  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(
          new Cluster(
              "test",
              List.of(),
              List.of(new PartitionInfo("ledger", 0, null, new Node[0], new Node[0])),
              Set.of(),
              Set.of()),
          true,
          null,
          new ByteArraySerializer(),
          new ByteArraySerializer());
  private final SettlingProducer producer =
      new SettlingProducer(kafka, transactions, backlog, "ledger");

  @BeforeEach
  void begin() {
    producer.initTransactions();
    producer.beginTransaction();
    backlog.fetched(
        new ConsumerRecords<>(
            Map.of(PARTITION, List.of(new ConsumerRecord<>("t", 0, 4, null, new byte[0]))),
            new HashMap<>()));
    transactions.current().take(ACCOUNT, 4, "a", 3, 30);
    transactions.current().count("a", Signal.LOGS, "processed", "", 3, 30);
  }

  @Test
  void ledger_isWrittenInTheTransaction_onceAlsoIfTheCommitIsTriedAgain() {
    sendOffset(5);
    assertThat(kafka.history()).isEmpty();
    sendOffset(5);
    producer.commitTransaction();

    assertThat(kafka.history())
        .singleElement()
        .satisfies(record ->
            assertThat(LedgerCodec.readEntry(record.value()))
                .isEqualTo(
                    new Entry(
                        ACCOUNT,
                        4,
                        5,
                        1,
                        0,
                        List.of(new Line("a", "", "", 3, 30)),
                        List.of(new Line("a", "processed", "", 3, 30)))));
  }

  @Test
  void ledger_afterAnAbort_hasNothingOfWhatWasAborted() {
    sendOffset(5);
    producer.abortTransaction();
    producer.beginTransaction();
    sendOffset(5);
    producer.commitTransaction();

    assertThat(kafka.history()).isEmpty();
  }

  @Test
  void commitTransaction_committed_countsAndShortensTheBacklog() {
    sendOffset(5);
    producer.commitTransaction();

    assertThat(counts.items()).containsOnly(entry("a logs processed", 3L));
    assertThat(backlog.oldestUnixMilli()).isEqualTo(Backlog.NOTHING_PENDING);
  }

  @Test
  void abortTransaction_countsNothing() {
    sendOffset(5);
    producer.abortTransaction();
    producer.beginTransaction();
    producer.commitTransaction();

    assertThat(counts.items()).isEmpty();
    assertThat(backlog.oldestUnixMilli()).isNotEqualTo(Backlog.NOTHING_PENDING);
  }

  @Test
  void abortTransaction_fenced_countsNothing() {
    kafka.abortTransactionException = new ProducerFencedException("fenced");

    assertThatThrownBy(producer::abortTransaction).isInstanceOf(ProducerFencedException.class);
    transactions.current().committed();

    assertThat(counts.items()).isEmpty();
  }

  @Test
  void commitTransaction_timesOutAndIsRepeated_countsOnce() {
    kafka.commitTransactionException = new TimeoutException("no answer");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(TimeoutException.class);
    assertThat(counts.items()).isEmpty();

    kafka.commitTransactionException = null;
    producer.commitTransaction();

    assertThat(counts.items()).containsOnly(entry("a logs processed", 3L));
  }

  @Test
  void close_afterAnUnansweredCommit_countsNothing() {
    kafka.commitTransactionException = new TimeoutException("no answer");
    assertThatThrownBy(producer::commitTransaction).isInstanceOf(TimeoutException.class);

    producer.close();
    transactions.current().committed();

    assertThat(counts.items()).isEmpty();
  }

  private void sendOffset(long offset) {
    producer.sendOffsetsToTransaction(
        Map.of(PARTITION, new OffsetAndMetadata(offset)),
        new MockConsumer<>("none").groupMetadata());
  }
}
