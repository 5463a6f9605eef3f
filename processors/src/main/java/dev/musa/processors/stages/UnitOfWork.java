package dev.musa.processors.stages;

import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.ExpiredRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What one open transaction has counted and which tokens it has taken, until it is known whether
 * the transaction holds. Exactly one of {@link #committed}, {@link #aborted} and {@link #inDoubt}
 * ends it, after which the same instance serves the next transaction.
 *
 * <p>It counts twice: for the counters of this process, and for the ledger, by the partition that
 * the items came from. The {@linkplain #takeEntries entries} have to be written in the transaction.
 *
 * <p>Belongs to the one thread that runs the transaction.
 */
public final class UnitOfWork {
  private final CountSink counters;
  private final Map<CountKey, Totals> counts = new HashMap<>();
  private final Map<CountKey, Long> unenriched = new HashMap<>();
  private final List<TokenBucket> touched = new ArrayList<>();
  private final Map<Account, LedgerPage> pages = new LinkedHashMap<>();
  private final Map<Account, ExpiredRanges> expired = new HashMap<>();
  private final Map<TopicPartition, Long> begins = new HashMap<>();

  /** Partitions with an entry that was given out. */
  private final Set<TopicPartition> written = new HashSet<>();

  private @Nullable LedgerPage page;

  public UnitOfWork(CountSink counters) {
    this.counters = counters;
  }

  /**
   * Reading of a source partition begins at this offset, so that what is passed over before the
   * first record is missing too. It may lie before what is committed, the ledger knows better.
   */
  public void beginAt(TopicPartition source, long offset) {
    begins.put(source, offset);
  }

  /**
   * Retention deleted the offsets between these of a source partition before they were read;
   * reading goes on at the second.
   */
  public void expired(Account account, long from, long to) {
    expired.computeIfAbsent(account, _ -> new ExpiredRanges()).add(from, to);
  }

  /**
   * Takes in a record of a source partition: what is counted from now on became of its items.
   *
   * @param items as its headers say; 0 if it has none
   */
  public void take(Account account, long offset, String tenant, long items, long bytes) {
    LedgerPage open = page;
    if (open == null || !open.account().equals(account)) {
      open = pages.computeIfAbsent(account, each -> page(each, offset));
      page = open;
    }
    open.take(offset, tenant, items, bytes);
  }

  /**
   * What the ledger has to hold of this transaction, an entry for each partition. Each is given
   * once, also if the commit is tried again.
   *
   * @param committing the offsets that the transaction commits; they may lie behind what was taken
   *     last, where there were no records
   */
  public List<Entry> takeEntries(Map<TopicPartition, OffsetAndMetadata> committing) {
    expired.forEach((account, ranges) -> {
      OffsetAndMetadata to = committing.get(sourceOf(account));
      if (to != null && ranges.below(to.offset()) > 0) {
        pages
            .computeIfAbsent(account, each -> page(each, to.offset()))
            .expired(ranges.firstOr(to.offset()), ranges.below(to.offset()));
        ranges.committed(to.offset());
      }
    });
    List<Entry> entries = new ArrayList<>(pages.size());
    pages.forEach((account, each) -> {
      OffsetAndMetadata to = committing.get(sourceOf(account));
      entries.add(each.entry(to == null ? 0 : to.offset()));
      written.add(sourceOf(account));
    });
    pages.clear();
    page = null;
    return entries;
  }

  private LedgerPage page(Account account, long offset) {
    long begin = begins.getOrDefault(sourceOf(account), offset);
    return new LedgerPage(account, Math.min(begin, offset));
  }

  private static TopicPartition sourceOf(Account account) {
    return new TopicPartition(account.topic(), account.partition());
  }

  /** Counts items that no record was taken in for, so that the ledger cannot hold them. */
  public void countApart(
      String tenant, Signal signal, String outcome, String reason, long items, long bytes) {
    page = null;
    count(tenant, signal, outcome, reason, items, bytes);
  }

  /** Counts items; they reach the counters when the transaction commits. */
  public void count(
      String tenant, Signal signal, String outcome, String reason, long items, long bytes) {
    Totals totals =
        counts.computeIfAbsent(new CountKey(tenant, signal, outcome, reason), _ -> new Totals());
    totals.items += items;
    totals.bytes += bytes;
    LedgerPage open = page;
    if (open != null) {
      open.count(tenant, outcome, reason, items, bytes);
    }
  }

  /**
   * Counts items that are held back: in the ledger alone, as they will be taken in once more by
   * somebody who counts what becomes of them.
   */
  public void countWaiting(String tenant, long items, long bytes) {
    LedgerPage open = page;
    if (open != null) {
      open.count(tenant, Outcomes.WAITING, "", items, bytes);
    }
  }

  /** Counts items that go on without what Kubernetes knows of their pod. */
  public void countUnenriched(String tenant, Signal signal, String reason, long items) {
    unenriched.merge(new CountKey(tenant, signal, "", reason), items, Long::sum);
  }

  /** The transaction holds: what was counted is counted, what was taken stays taken. */
  public void committed() {
    // From here on each entry begins where the one before it ended.
    begins.keySet().removeAll(written);
    counts.forEach((key, totals) ->
        counters.count(
            key.tenant, key.signal.label(), key.outcome, key.reason, totals.items, totals.bytes));
    unenriched.forEach((key, items) ->
        counters.countUnenriched(key.tenant, key.signal.label(), key.reason, items));
    end(true);
  }

  /** The transaction does not hold: nothing was counted, every token goes back to its bucket. */
  public void aborted() {
    expired.clear();
    end(false);
  }

  /**
   * Nobody here can tell whether the transaction holds (the broker did not answer the commit).
   * Tokens stay taken, so that no limit is exceeded; nothing is counted, because the same records
   * may come again.
   *
   * @return the items that were therefore not counted
   */
  public long inDoubt() {
    long items = counts.values().stream().mapToLong(totals -> totals.items).sum();
    expired.clear();
    end(true);
    return items;
  }

  private void end(boolean holds) {
    counts.clear();
    unenriched.clear();
    written.clear();
    pages.clear();
    page = null;
    touched.forEach(bucket -> bucket.settle(this, holds));
    touched.clear();
  }

  void remember(TokenBucket bucket) {
    touched.add(bucket);
  }

  /** Where committed counts go. */
  public interface CountSink {
    /** Counts nothing. */
    CountSink NONE =
        new CountSink() {
          @Override
          public void count(
              String tenant,
              String signal,
              String outcome,
              String reason,
              long items,
              long bytes) {}

          @Override
          public void countUnenriched(String tenant, String signal, String reason, long items) {}
        };

    void count(String tenant, String signal, String outcome, String reason, long items, long bytes);

    /** Items that went on without what Kubernetes knows of their pod. */
    void countUnenriched(String tenant, String signal, String reason, long items);
  }

  private record CountKey(String tenant, Signal signal, String outcome, String reason) {}

  private static final class Totals {
    long items;
    long bytes;
  }
}
