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
  private final Reading reading;
  private final Map<String, Sum> taken = new LinkedHashMap<>();
  private final Map<Fate, Sum> outcomes = new LinkedHashMap<>();
  private long fromOffset;
  private long toOffset;
  private long records;

  private record Fate(String tenant, String outcome, String reason) {}

  private static final class Sum {
    private long items;
    private long bytes;

    void add(long moreItems, long moreBytes) {
      items += moreItems;
      bytes += moreBytes;
    }
  }

  LedgerPage(Account account, Reading reading, long firstOffset) {
    this.account = account;
    this.reading = reading;
    this.fromOffset = reading.begin(firstOffset);
  }

  Account account() {
    return account;
  }

  void take(long offset, String tenant, long items, long bytes) {
    // As if all that expired had lain before it: the ledger calls a gap between entries expired.
    fromOffset += reading.takeExpired(offset);
    toOffset = offset + 1;
    records++;
    taken.computeIfAbsent(tenant, _ -> new Sum()).add(items, bytes);
  }

  void count(String tenant, String outcome, String reason, long items, long bytes) {
    outcomes.computeIfAbsent(new Fate(tenant, outcome, reason), _ -> new Sum()).add(items, bytes);
  }

  Entry entry() {
    List<Line> in = new ArrayList<>(taken.size());
    taken.forEach((tenant, sum) -> in.add(new Line(tenant, "", "", sum.items, sum.bytes)));
    List<Line> out = new ArrayList<>(outcomes.size());
    outcomes.forEach((fate, sum) ->
        out.add(new Line(fate.tenant, fate.outcome, fate.reason, sum.items, sum.bytes)));
    return new Entry(account, fromOffset, toOffset, records, in, out);
  }
}
