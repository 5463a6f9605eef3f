package dev.musa.app.ledger;

import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The entries of the ledger, added up by account. Each is added once, whether it comes in a
 * snapshot or by itself. Not thread-safe.
 */
final class LedgerBook {
  private final Map<Integer, Page> pages = new HashMap<>();

  /** One partition of the ledger. */
  private static final class Page {
    private final Map<Account, AccountTotals> accounts = new HashMap<>();
    private long position;
    private boolean changed;
  }

  /** Begins a ledger partition with a snapshot of it; the last one given counts. */
  void restore(int partition, Snapshot snapshot) {
    Page page = new Page();
    page.position = snapshot.position();
    snapshot.accounts().forEach(each -> page.accounts.put(each.account(), each));
    pages.put(partition, page);
  }

  /** Adds the entry at this offset of a ledger partition, unless it is in already. */
  void add(int partition, long offset, Entry entry, long unixMilli) {
    Page page = pages.computeIfAbsent(partition, _ -> new Page());
    if (offset < page.position) {
      return;
    }
    page.accounts.computeIfAbsent(entry.account(), AccountTotals::new).add(entry, unixMilli);
    page.position = offset + 1;
    page.changed = true;
  }

  /** The first offset of a ledger partition that is not in. */
  long position(int partition) {
    Page page = pages.get(partition);
    return page == null ? 0 : page.position;
  }

  /** What is new since the last call, a snapshot of each ledger partition that changed. */
  Map<Integer, Snapshot> takeChanges() {
    Map<Integer, Snapshot> changes = new HashMap<>();
    pages.forEach((partition, page) -> {
      if (page.changed) {
        page.changed = false;
        changes.put(partition, new Snapshot(page.position, page.accounts.values()));
      }
    });
    return changes;
  }

  List<AccountTotals> accounts() {
    List<AccountTotals> all = new ArrayList<>();
    pages.values().forEach(page -> all.addAll(page.accounts.values()));
    return all;
  }
}
