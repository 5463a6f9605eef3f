package dev.musa.schemas.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All entries of one account, added up. Not thread-safe. */
public final class AccountTotals {
  private final Account account;
  private final Map<Fate, Sum> taken = new LinkedHashMap<>();
  private final Map<Fate, Sum> outcomes = new LinkedHashMap<>();
  private boolean begun;
  private long firstOffset;
  private long toOffset;
  private long records;
  private long expired;
  private long missing;
  private long lastUnixMilli;

  private record Fate(String tenant, String outcome, String reason) {}

  private static final class Sum {
    long items;
    long bytes;
  }

  public AccountTotals(Account account) {
    this.account = account;
  }

  /** A sum that was made earlier. */
  static AccountTotals of(Entry sum, long missing, long lastUnixMilli) {
    AccountTotals totals = new AccountTotals(sum.account());
    totals.add(sum, lastUnixMilli);
    totals.missing = missing;
    return totals;
  }

  /**
   * Adds the next entry. Offsets that lie between it and the one before it are {@link #missing}.
   *
   * @param unixMilli when it was written
   */
  public void add(Entry entry, long unixMilli) {
    if (begun) {
      missing += Math.max(0, entry.fromOffset() - toOffset);
    } else {
      firstOffset = entry.fromOffset();
      begun = true;
    }
    toOffset = Math.max(toOffset, entry.toOffset());
    records += entry.records();
    expired += entry.expired();
    lastUnixMilli = Math.max(lastUnixMilli, unixMilli);
    entry.taken().forEach(line -> add(taken, line));
    entry.outcomes().forEach(line -> add(outcomes, line));
  }

  private static void add(Map<Fate, Sum> to, Line line) {
    Sum sum =
        to.computeIfAbsent(new Fate(line.tenant(), line.outcome(), line.reason()), _ -> new Sum());
    sum.items += line.items();
    sum.bytes += line.bytes();
  }

  public Account account() {
    return account;
  }

  /** The first offset that was ever counted. */
  public long firstOffset() {
    return firstOffset;
  }

  /** What was committed last. */
  public long toOffset() {
    return toOffset;
  }

  public long records() {
    return records;
  }

  /** Offsets that retention deleted before they were read. */
  public long expired() {
    return expired;
  }

  /** Offsets that no entry covers: somebody has passed them over, or an entry is lost. */
  public long missing() {
    return missing;
  }

  /**
   * Offsets that are covered but held no record: markers of transactions, which raw topics do not
   * have.
   */
  public long withoutRecord() {
    return toOffset - firstOffset - missing - expired - records;
  }

  /** When the last entry was written. */
  public long lastUnixMilli() {
    return lastUnixMilli;
  }

  /** What was taken in, by tenant. */
  public List<Line> taken() {
    return lines(taken);
  }

  /** What became of it. */
  public List<Line> outcomes() {
    return lines(outcomes);
  }

  Entry sum() {
    return new Entry(account, firstOffset, toOffset, records, expired, taken(), outcomes());
  }

  private static List<Line> lines(Map<Fate, Sum> sums) {
    List<Line> lines = new ArrayList<>(sums.size());
    sums.forEach((fate, sum) ->
        lines.add(new Line(fate.tenant, fate.outcome, fate.reason, sum.items, sum.bytes)));
    return lines;
  }
}
