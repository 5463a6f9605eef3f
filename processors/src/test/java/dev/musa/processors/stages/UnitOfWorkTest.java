package dev.musa.processors.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class UnitOfWorkTest {
  private static final TopicPartition SOURCE = new TopicPartition("musa.logs.raw", 0);
  private static final Account ACCOUNT =
      new Account(Account.PROCESSORS, Signal.LOGS, SOURCE.topic(), SOURCE.partition());

  private final UnitOfWork work = new UnitOfWork(UnitOfWork.CountSink.NONE);
  private final AccountTotals ledger = new AccountTotals(ACCOUNT);

  @Test
  void allOffsetsRead_nothingIsMissing() {
    read(5, 6);
    commit(7);
    read(7);
    commit(8);

    assertLedger(0, 0);
    assertThat(ledger.firstOffset()).isEqualTo(5);
  }

  @Test
  void offsetsPassedOver_areMissingWhereverTheyAre() {
    read(5, 7);
    commit(8);
    assertLedger(0, 1);

    read(10);
    commit(11);
    assertLedger(0, 3);
  }

  @Test
  void offsetsPassedOverBeforeTheNextOneThatWaits_areMissing() {
    read(5);
    // As Streams commits: up to the head of its queue.
    commit(8);
    assertLedger(0, 2);

    read(8);
    commit(9);
    assertLedger(0, 2);
  }

  @Test
  void offsetsPassedOverWithoutARecordBehind_areMissingOnceOneComes() {
    read(5);
    commit(6);
    commit(9);
    read(9);
    commit(10);

    assertLedger(0, 3);
  }

  @Test
  void offsetsPassedOverAtTheVeryBeginning_areMissing() {
    work.beginAt(SOURCE, 3);
    read(5);
    commit(6);
    assertLedger(0, 2);

    work.beginAt(SOURCE, 3);
    read(6);
    commit(7);
    assertLedger(0, 2);
  }

  @Test
  void offsetsDeletedBeforeTheReader_haveExpired() {
    read(0, 1);
    work.expired(ACCOUNT, 4, 30);
    // What had been fetched before comes first.
    read(2);
    commit(3);
    assertLedger(0, 0);

    read(3, 30, 32);
    commit(33);
    assertLedger(26, 1);
  }

  @Test
  void offsetsDeletedBeforeTheOneThatWaits_haveExpired() {
    read(3);
    work.expired(ACCOUNT, 4, 30);
    commit(30);
    assertLedger(26, 0);

    work.aborted();
    read(30);
    commit(31);
    assertLedger(26, 0);
  }

  @Test
  void offsetsDeletedAndNothingRead_haveExpired() {
    read(3);
    commit(4);
    work.expired(ACCOUNT, 4, 30);
    commit(30);

    assertLedger(26, 0);
  }

  @Test
  void offsetsDeletedInTransactionThatIsAborted_areCountedOnce() {
    read(0);
    commit(1);
    work.expired(ACCOUNT, 1, 10);
    read(10);
    work.aborted();
    work.expired(ACCOUNT, 1, 12);
    read(12);
    commit(13);

    assertLedger(11, 0);
  }

  @Test
  void commitInDoubtThatHolds_isCountedOnce() {
    read(0);
    commit(1);
    work.expired(ACCOUNT, 1, 10);
    read(10);
    write(11);
    work.inDoubt();
    read(11);
    commit(12);

    assertLedger(9, 0);
  }

  private void read(long... offsets) {
    for (long offset : offsets) {
      work.take(ACCOUNT, offset, "", 1, 10);
    }
  }

  private void commit(long offset) {
    write(offset);
    work.committed();
  }

  private void write(long offset) {
    work.takeEntries(Map.of(SOURCE, new OffsetAndMetadata(offset)))
        .forEach(entry -> ledger.add(entry, 0));
  }

  private void assertLedger(long expired, long passedOver) {
    assertThat(ledger.expired()).as("expired").isEqualTo(expired);
    assertThat(ledger.missing() + ledger.withoutRecord()).as("passed over").isEqualTo(passedOver);
  }
}
