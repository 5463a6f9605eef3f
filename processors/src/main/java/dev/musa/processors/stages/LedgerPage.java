package dev.musa.processors.stages;

import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one transaction did with one source partition. */
final class LedgerPage {
  private final Account account;
  private final Map<String, Sum> taken = new LinkedHashMap<>();
  private final Map<Fate, Sum> outcomes = new LinkedHashMap<>();
  private long fromOffset;
  private long toOffset;
  private long records;
  private long expired;

  private record Fate(String tenant, String outcome, String reason) {}

  private static final class Sum {
    private long items;
    private long bytes;

    void add(long moreItems, long moreBytes) {
      items += moreItems;
      bytes += moreBytes;
    }
  }

  LedgerPage(Account account, long fromOffset) {
    this.account = account;
    this.fromOffset = fromOffset;
  }

  Account account() {
    return account;
  }

  void take(long offset, String tenant, long items, long bytes) {
    toOffset = offset + 1;
    records++;
    taken.computeIfAbsent(tenant, _ -> new Sum()).add(items, bytes);
  }

  void count(String tenant, String outcome, String reason, long items, long bytes) {
    outcomes.computeIfAbsent(new Fate(tenant, outcome, reason), _ -> new Sum()).add(items, bytes);
  }

  /** So many offsets have expired, from the first of which on this page covers all. */
  void expired(long from, long offsets) {
    fromOffset = Math.min(fromOffset, from);
    expired += offsets;
  }

  /**
   * What the ledger has to hold.
   *
   * @param committing the offset that is committed; what lies before it and was not taken is
   *     missing
   */
  Entry entry(long committing) {
    List<Line> in = new ArrayList<>(taken.size());
    taken.forEach((tenant, sum) -> in.add(new Line(tenant, "", "", sum.items, sum.bytes)));
    List<Line> out = new ArrayList<>(outcomes.size());
    outcomes.forEach((fate, sum) ->
        out.add(new Line(fate.tenant, fate.outcome, fate.reason, sum.items, sum.bytes)));
    return new Entry(
        account, fromOffset, Math.max(toOffset, committing), records, expired, in, out);
  }
}
