package dev.musa.app.ledger;

import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The entries of the ledger, added up by account. Each is added once, whether it comes in a
 * snapshot or by itself. Not thread-safe.
 */
final class LedgerBook {
  private final Map<Integer, Page> pages = new HashMap<>();

  /** One partition of the ledger. */
  private static final class Page {
    private final Map<Account, Held> accounts = new HashMap<>();
    private final Set<Account> changed = new LinkedHashSet<>();
    private long position;
  }

  /** The sum of what an account has below a position. */
  private static final class Held {
    private final AccountTotals totals;
    private long position;

    Held(AccountTotals totals, long position) {
      this.totals = totals;
      this.position = position;
    }
  }

  /**
   * Begins with what a snapshot says of some accounts of a ledger partition; of several for one
   * account the newest counts.
   */
  void restoreAccounts(int partition, Snapshot snapshot) {
    Page page = page(partition);
    for (AccountTotals totals : snapshot.accounts()) {
      Held held = page.accounts.get(totals.account());
      if (held == null || held.position < snapshot.position()) {
        page.accounts.put(totals.account(), new Held(totals, snapshot.position()));
      }
    }
  }

  /** What lies below this position is in the snapshots of accounts, each account's own. */
  void restorePosition(int partition, long position) {
    page(partition).position = position;
  }

  /** Adds the entry at this offset of a ledger partition, unless it is in already. */
  void add(int partition, long offset, Entry entry, long unixMilli) {
    Page page = page(partition);
    if (offset < page.position) {
      return;
    }
    page.position = offset + 1;
    Account account = entry.account();
    Held held =
        page.accounts.computeIfAbsent(account, _ -> new Held(new AccountTotals(account), 0));
    if (offset >= held.position) {
      held.totals.add(entry, unixMilli);
      held.position = offset + 1;
      page.changed.add(account);
    }
  }

  /** There is nothing to add at this offset. */
  void skip(int partition, long offset) {
    Page page = page(partition);
    page.position = Math.max(page.position, offset + 1);
  }

  /** The first offset of a ledger partition that is not in. */
  long position(int partition) {
    Page page = pages.get(partition);
    return page == null ? 0 : page.position;
  }

  /** The accounts that have changed since the last call, by ledger partition. */
  Map<Integer, Snapshot> takeChanges() {
    Map<Integer, Snapshot> changes = new HashMap<>();
    pages.forEach((partition, page) -> {
      if (!page.changed.isEmpty()) {
        List<AccountTotals> changed = new ArrayList<>();
        for (Account account : page.changed) {
          changed.add(Objects.requireNonNull(page.accounts.get(account)).totals);
        }
        page.changed.clear();
        changes.put(partition, new Snapshot(page.position, changed));
      }
    });
    return changes;
  }

  List<AccountTotals> accounts() {
    List<AccountTotals> all = new ArrayList<>();
    pages.values().forEach(page -> page.accounts.values().forEach(held -> all.add(held.totals)));
    return all;
  }

  private Page page(int partition) {
    return pages.computeIfAbsent(partition, _ -> new Page());
  }
}
