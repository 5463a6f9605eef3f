package dev.musa.schemas.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LedgerCodecTest {
  private static final Account ACCOUNT =
      new Account(Account.sink("loki"), Signal.LOGS, "musa.logs", 3);

  @Property(tries = 200)
  void entry_isReadAsItWasWritten(
      @ForAll @LongRange(min = 0) long from,
      @ForAll @IntRange(min = 0) int length,
      @ForAll @IntRange(min = 0) int records,
      @ForAll @IntRange(min = 0) int expired,
      @ForAll @Size(max = 5) List<String> tenants,
      @ForAll @Size(max = 5) List<String> reasons,
      @ForAll @LongRange(min = 0) long items) {
    long begin = from / 2;
    List<Line> taken = new ArrayList<>();
    tenants.forEach(tenant -> taken.add(new Line(clean(tenant), "", "", items, 7)));
    List<Line> outcomes = new ArrayList<>();
    reasons.forEach(reason -> outcomes.add(new Line("a", "dropped", clean(reason), items, 0)));
    Entry entry = new Entry(ACCOUNT, begin, begin + length, records, expired, taken, outcomes);

    assertThat(LedgerCodec.readEntry(LedgerCodec.write(entry))).isEqualTo(entry);
  }

  @Test
  void entryOfManyTenants_isSeveralRecordsThatAddUpToIt() {
    List<Line> taken = new ArrayList<>();
    List<Line> outcomes = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      taken.add(new Line("tenant-" + i, "", "", 3, 30));
      outcomes.add(new Line("tenant-" + i, "processed", "", 2, 20));
      outcomes.add(new Line("tenant-" + i, "dropped", "no-debug", 1, 10));
    }
    AccountTotals before = new AccountTotals(ACCOUNT);
    before.add(entry(0, 100, 100), 1);
    AccountTotals whole = new AccountTotals(ACCOUNT);
    whole.add(entry(0, 100, 100), 1);
    Entry entry = new Entry(ACCOUNT, 100, 400, 280, 10, taken, outcomes);
    whole.add(entry, 2);

    var records = LedgerRecords.of("musa.ledger", 2, entry);
    for (var record : records) {
      assertThat(record.value()).hasSizeLessThan(300_000);
      assertThat(record.partition()).isEqualTo(1);
      before.add(LedgerCodec.readEntry(record.value()), 2);
    }

    assertThat(records).hasSizeGreaterThan(5);
    assertThat(before.missing()).isZero();
    assertThat(before.sum()).isEqualTo(whole.sum());
  }

  /** A lone surrogate is no text that UTF-8 could carry. */
  private static String clean(String text) {
    return text.codePoints()
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void snapshot_goesOnWhereItsSumEnded() {
    AccountTotals totals = new AccountTotals(ACCOUNT);
    totals.add(entry(10, 20, 8), 1_000);
    totals.add(entry(25, 30, 5), 2_000);
    totals.add(new Entry(ACCOUNT, 30, 40, 1, 9, List.of(), List.of()), 2_500);

    Snapshot read = LedgerCodec.readSnapshot(LedgerCodec.write(new Snapshot(42, List.of(totals))));

    assertThat(read.position()).isEqualTo(42);
    AccountTotals again = read.accounts().iterator().next();
    again.add(entry(40, 41, 1), 3_000);
    assertThat(again.account()).isEqualTo(ACCOUNT);
    assertThat(again.firstOffset()).isEqualTo(10);
    assertThat(again.toOffset()).isEqualTo(41);
    assertThat(again.records()).isEqualTo(15);
    assertThat(again.expired()).isEqualTo(9);
    assertThat(again.missing()).isEqualTo(5);
    assertThat(again.withoutRecord()).isEqualTo(2);
    assertThat(again.lastUnixMilli()).isEqualTo(3_000);
    assertThat(again.taken()).containsExactly(new Line("a", "", "", 30, 300));
    assertThat(again.outcomes()).containsExactly(new Line("a", "delivered", "", 30, 300));
  }

  @Test
  void whatIsNoEntry_isRefused() {
    assertThatThrownBy(() -> LedgerCodec.readEntry(new byte[] {10, 5, 1}))
        .isInstanceOf(MalformedLedgerException.class);
    assertThatThrownBy(() -> LedgerCodec.readEntry(new byte[0]))
        .isInstanceOf(MalformedLedgerException.class)
        .hasMessageContaining("expected: traces, logs or metrics");
  }

  private static Entry entry(long from, long to, long records) {
    return new Entry(
        ACCOUNT,
        from,
        to,
        records,
        0,
        List.of(new Line("a", "", "", 10, 100)),
        List.of(new Line("a", "delivered", "", 10, 100)));
  }
}
