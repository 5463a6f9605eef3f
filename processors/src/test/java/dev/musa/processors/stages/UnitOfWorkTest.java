package dev.musa.processors.stages;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class UnitOfWorkTest {
  private static final TopicPartition SOURCE = new TopicPartition("musa.logs.raw", 0);
  private static final Account ACCOUNT =
      new Account(Account.PROCESSORS, Signal.LOGS, SOURCE.topic(), SOURCE.partition());

  private final UnitOfWork work = new UnitOfWork((_, _, _, _, _, _) -> {});
  private final AccountTotals ledger = new AccountTotals(ACCOUNT);

  @Test
  void allOffsetsRead_nothingIsMissing() {
    work.beginAt(SOURCE, 5);
    read(5, 6);
    commit();
    read(7);
    commit();

    assertLedger(0, 0);
    assertThat(ledger.firstOffset()).isEqualTo(5);
  }

  @Test
  void offsetsPassedOver_areMissingRecordsWhereverTheyAre() {
    work.beginAt(SOURCE, 5);
    read(6, 8);
    commit();
    assertLedger(0, 2);

    read(11);
    commit();
    assertLedger(0, 4);
  }

  @Test
  void offsetsPassedOverAfterRestart_areMissingRecords() {
    work.beginAt(SOURCE, 0);
    read(0);
    commit();

    work.forget(SOURCE);
    work.beginAt(SOURCE, 1);
    read(3);
    commit();

    assertLedger(0, 2);
  }

  @Test
  void offsetsDeletedWhileNobodyRead_haveExpired() {
    work.beginAt(SOURCE, 0);
    read(0);
    commit();

    work.beginAt(SOURCE, 40);
    read(40);
    commit();

    assertLedger(39, 0);
  }

  @Test
  void offsetsDeletedBeforeTheReader_haveExpired() {
    work.beginAt(SOURCE, 0);
    read(0, 1);
    work.expired(SOURCE, 4, 30);
    // What had been fetched before comes first.
    read(2);
    commit();
    assertLedger(0, 0);

    read(3, 30, 32);
    commit();
    assertLedger(26, 1);
  }

  @Test
  void offsetsDeletedInTransactionThatIsAborted_areCountedOnce() {
    work.beginAt(SOURCE, 0);
    read(0);
    commit();
    work.expired(SOURCE, 1, 10);
    read(10);
    work.aborted();
    work.expired(SOURCE, 1, 12);
    read(12);
    commit();

    assertLedger(11, 0);
  }

  @Test
  void unknownBegin_isTheFirstRecord() {
    work.expired(SOURCE, 0, 10);
    read(10);
    commit();
    assertLedger(0, 0);

    read(11);
    assertThat(work.takeEntries()).hasSize(1);
    work.inDoubt();
    read(14);
    commit();
    assertLedger(3, 0);
  }

  private void read(long... offsets) {
    for (long offset : offsets) {
      work.take(ACCOUNT, offset, "", 1, 10);
    }
  }

  private void commit() {
    work.takeEntries().forEach(entry -> ledger.add(entry, 0));
    work.committed();
  }

  private void assertLedger(long expired, long passedOver) {
    assertThat(ledger.missing()).as("expired").isEqualTo(expired);
    assertThat(ledger.withoutRecord()).as("passed over").isEqualTo(passedOver);
  }
}
