package dev.musa.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.LedgerCodec;
import dev.musa.schemas.ledger.Line;
import dev.musa.schemas.ledger.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerBookTest {
  private static final int ENTRIES = 60;

  static LongStream seeds() {
    return LongStream.range(0, 100);
  }

  /** Whenever a reader begins, with whichever snapshot: the sum is the same. */
  @ParameterizedTest
  @MethodSource("seeds")
  void sum_isThatOfAllEntries_whereverAReaderBegins(long seed) {
    Random random = new Random(seed);
    LedgerBook writer = new LedgerBook();
    LedgerBook reader = new LedgerBook();
    int snapshotAt = random.nextInt(ENTRIES);
    int behind = random.nextInt(snapshotAt + 1);
    for (int i = 0; i < ENTRIES; i++) {
      writer.add(7, i, entry(i), i);
      if (i == snapshotAt) {
        Map<Integer, Snapshot> changes = writer.takeChanges();
        assertThat(changes).containsOnlyKeys(7);
        assertThat(writer.takeChanges()).isEmpty();
        Snapshot snapshot = reread(changes.get(7));
        reader.restoreAccounts(7, snapshot);
        reader.restorePosition(7, snapshot.position());
        assertThat(reader.position(7)).isEqualTo(i + 1L);
        // It reads some again that the snapshot has already.
        for (int again = behind; again <= i; again++) {
          reader.add(7, again, entry(again), again);
        }
      } else if (i > snapshotAt) {
        reader.add(7, i, entry(i), i);
      }
    }

    assertThat(items(reader)).isEqualTo(items(writer)).isEqualTo(ENTRIES * (ENTRIES + 1) / 2);
    assertThat(reader.accounts()).hasSize(3);
    assertThat(reader.accounts()).allMatch(each -> each.missing() == 0);
  }

  /** A writer that is interrupted has written the sums of some accounts and not the position. */
  @ParameterizedTest
  @MethodSource("seeds")
  void sum_isThatOfAllEntries_alsoWithHalfASnapshot(long seed) {
    Random random = new Random(seed);
    LedgerBook writer = new LedgerBook();
    LedgerBook reader = new LedgerBook();
    int whole = random.nextInt(ENTRIES / 2);
    int half = whole + random.nextInt(ENTRIES / 2);
    for (int i = 0; i < ENTRIES; i++) {
      writer.add(7, i, entry(i), i);
      if (i == whole) {
        Snapshot snapshot = reread(writer.takeChanges().get(7));
        reader.restoreAccounts(7, snapshot);
        reader.restorePosition(7, snapshot.position());
      } else if (i == half) {
        Snapshot snapshot = writer.takeChanges().get(7);
        for (AccountTotals each : snapshot.accounts()) {
          if (random.nextBoolean()) {
            reader.restoreAccounts(7, reread(new Snapshot(snapshot.position(), List.of(each))));
          }
        }
      }
    }
    for (int i = (int) reader.position(7); i < ENTRIES; i++) {
      reader.add(7, i, entry(i), i);
    }

    assertThat(items(reader)).isEqualTo(items(writer)).isEqualTo(ENTRIES * (ENTRIES + 1) / 2);
    assertThat(reader.accounts()).allMatch(each -> each.missing() == 0);
  }

  private static Snapshot reread(Snapshot snapshot) {
    return LedgerCodec.readSnapshot(LedgerCodec.write(snapshot));
  }

  private static long items(LedgerBook book) {
    return book.accounts().stream()
        .map(AccountTotals::taken)
        .flatMap(List::stream)
        .mapToLong(Line::items)
        .sum();
  }

  /** Three accounts in turn. */
  private static Entry entry(int i) {
    Account account = new Account(Account.PROCESSORS, Signal.LOGS, "raw-" + i % 3, 7);
    int turn = i / 3;
    return new Entry(
        account,
        turn,
        turn + 1L,
        1,
        0,
        List.of(new Line("a", "", "", i + 1L, 1)),
        List.of(new Line("a", "processed", "", i + 1L, 1)));
  }
}
