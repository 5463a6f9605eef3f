package dev.musa.app.ledger;

import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.AccountTotals;
import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The sum over all accounts, and every place where it is not right.
 *
 * <p>Two things are compared, each counted on its own: what a stage has taken in, by the headers of
 * the records that it read, with what it says became of it; and what the processors say they have
 * written, with what a sink has taken in and what still stands on the topic.
 *
 * @param flows by tenant, signal and stage
 * @param differences empty if it balances
 * @param notes what could not be compared or counted; empty if all was
 */
record Balance(List<Flow> flows, List<Difference> differences, List<String> notes) {
  static final String PROCESSED = "processed";
  static final String WAITING = "waiting";

  /** What became of items, and why. */
  record Fate(String outcome, String reason) implements Comparable<Fate> {
    @Override
    public int compareTo(Fate other) {
      return Comparator.comparing(Fate::outcome).thenComparing(Fate::reason).compare(this, other);
    }
  }

  /** Items with their bytes, where these are known. */
  record Amount(long items, long bytes) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(long moreItems, long moreBytes) {
      return new Amount(items + moreItems, bytes + moreBytes);
    }
  }

  /**
   * What one stage did with a tenant's items.
   *
   * @param taken what it has done with
   * @param outcomes what became of that
   * @param inFlight what stands before it
   * @param oldestUnixMilli since when
   * @param inFlightIsWhole whether that was counted to the end
   * @param expiredRecords that retention deleted before they were read; whose they were is not
   *     known, so they stand in the flow without a tenant
   */
  record Flow(
      String tenant,
      Signal signal,
      String stage,
      Amount taken,
      SortedMap<Fate, Amount> outcomes,
      long inFlight,
      @Nullable Long oldestUnixMilli,
      boolean inFlightIsWhole,
      long expiredRecords) {
    /** Everything that has come to this stage. */
    long accepted() {
      return taken.items() + inFlight;
    }
  }

  /**
   * A place where the sum is not right.
   *
   * @param items too many if positive, too few if negative
   */
  record Difference(String stage, String tenant, Signal signal, String where, long items) {
    @Override
    public String toString() {
      return "%s, tenant '%s', %s: %s: %s%,d"
          .formatted(stage, tenant, signal.label(), where, items > 0 ? "+" : "", items);
    }
  }

  boolean isBalanced() {
    return differences.isEmpty();
  }

  /** With more that has to be said of it. */
  Balance withNotes(List<String> more) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new Balance(flows, differences, all);
  }

  /**
   * @param accounts of the whole ledger
   * @param standing what stands behind each account, if it was counted; counted after the accounts
   *     were read
   */
  static Balance of(
      Collection<AccountTotals> accounts, Map<Account, Standing> standing, Topics topics) {
    return new Summing(accounts, standing, topics).balance();
  }

  /**
   * The balance of some time only: what each stage has taken in and what became of that.
   *
   * @param accounts what was counted in that time
   */
  static Balance ofPart(Collection<AccountTotals> accounts, Topics topics) {
    Summing summing = new Summing(accounts, Map.of(), topics);
    summing.partial = true;
    return summing.balance();
  }

  /** For one balance. */
  private static final class Summing {
    private final Collection<AccountTotals> accounts;
    private final Map<Account, Standing> standing;
    private final Topics topics;
    private final SortedMap<Key, Sum> sums = new TreeMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final SortedSet<String> notes = new TreeSet<>();
    private boolean partial;

    private record Key(String tenant, Signal signal, String stage) implements Comparable<Key> {
      @Override
      public int compareTo(Key other) {
        return Comparator.comparing(Key::tenant)
            .thenComparing(Key::signal)
            .thenComparing(Key::stage)
            .compare(this, other);
      }
    }

    private static final class Sum {
      private Amount taken = Amount.NONE;
      private final SortedMap<Fate, Amount> outcomes = new TreeMap<>();
      private Standing standing = Standing.NOTHING;
      private long expiredRecords;
    }

    Summing(Collection<AccountTotals> accounts, Map<Account, Standing> standing, Topics topics) {
      this.accounts = accounts;
      this.standing = standing;
      this.topics = topics;
    }

    Balance balance() {
      accounts.forEach(this::add);
      standing.forEach(this::add);
      accounts.forEach(this::checkOutcomes);
      if (!partial) {
        checkTopics();
      }
      List<Flow> flows = new ArrayList<>();
      sums.forEach((key, sum) ->
          flows.add(
              new Flow(
                  key.tenant,
                  key.signal,
                  key.stage,
                  sum.taken,
                  sum.outcomes,
                  sum.standing.of(key.tenant),
                  sum.standing.oldestUnixMilli(),
                  sum.standing.whole(),
                  sum.expiredRecords)));
      return new Balance(flows, differences, List.copyOf(notes));
    }

    private Sum sum(String tenant, Signal signal, String stage) {
      return sums.computeIfAbsent(new Key(tenant, signal, stage), _ -> new Sum());
    }

    private void add(Account account, Standing behind) {
      behind
          .items()
          .keySet()
          .forEach(tenant -> {
            Sum sum = sum(tenant, account.signal(), account.stage());
            sum.standing =
                sum.standing.plus(
                    new Standing(
                        Map.of(tenant, behind.of(tenant)),
                        behind.oldestUnixMilli(),
                        behind.whole()));
          });
      if (!behind.whole()) {
        notes.add(
            "what stands before %s on %s was not counted to the end"
                .formatted(account.stage(), account.topic()));
      }
    }

    private void add(AccountTotals totals) {
      Account account = totals.account();
      for (Line line : totals.taken()) {
        Sum sum = sum(line.tenant(), account.signal(), account.stage());
        sum.taken = sum.taken.plus(line.items(), line.bytes());
      }
      for (Line line : totals.outcomes()) {
        Sum sum = sum(line.tenant(), account.signal(), account.stage());
        sum.outcomes.merge(
            new Fate(line.outcome(), line.reason()),
            new Amount(line.items(), line.bytes()),
            (a, b) -> a.plus(b.items(), b.bytes()));
      }
      if (totals.expired() > 0) {
        sum("", account.signal(), account.stage()).expiredRecords += totals.expired();
      }
    }

    /** What a stage has taken in and what it says became of it. */
    private void checkOutcomes(AccountTotals totals) {
      Account account = totals.account();
      Map<String, Long> open = byTenant(totals.taken());
      byTenant(totals.outcomes()).forEach((tenant, items) -> open.merge(tenant, -items, Long::sum));
      String partition = account.topic() + "-" + account.partition();
      open.forEach((tenant, items) -> {
        if (items != 0) {
          differ(
              account,
              tenant,
              "items of " + partition + " that were read and of which it does not say what became",
              items);
        }
      });
      long passedOver = totals.missing();
      if (account.stage().equals(Account.PROCESSORS)) {
        // Nobody writes transactions there, so that each offset is a record.
        passedOver += totals.withoutRecord();
      }
      if (passedOver != 0) {
        differ(
            account, "", "records of " + partition + " that were passed and not read", passedOver);
      }
    }

    /** What the processors say they have written, and what was found of it. */
    private void checkTopics() {
      Map<Account, AccountTotals> known = new HashMap<>();
      accounts.forEach(each -> known.put(each.account(), each));
      for (AccountTotals totals : accounts) {
        Account reader = totals.account();
        String outcome = outcomeOn(reader);
        if (outcome == null) {
          continue;
        }
        List<AccountTotals> writers =
            Stream.of(
                    new Account(
                        Account.PROCESSORS,
                        reader.signal(),
                        topics.raw(reader.signal()),
                        reader.partition()),
                    new Account(
                        Account.WAITING,
                        reader.signal(),
                        topics.waiting(reader.signal()),
                        reader.partition()))
                .map(known::get)
                .filter(Objects::nonNull)
                .toList();
        if (writers.stream().noneMatch(each -> each.account().stage().equals(Account.PROCESSORS))) {
          continue;
        }
        if (totals.firstOffset() == 0
            && totals.expired() == 0
            && writers.stream().allMatch(writer -> writer.firstOffset() == 0)) {
          checkTopic(totals, writers, outcome);
        } else {
          notes.add(
              "%s is not compared with what the processors have written on %s: %s"
                  .formatted(
                      reader.stage(),
                      reader.topic(),
                      totals.expired() > 0
                          ? "some of that has expired"
                          : "one of the two is older than the ledger, or the sink is younger"));
        }
      }
    }

    /** What became of the items that this reader's topic holds; null if others write there too. */
    private @Nullable String outcomeOn(Account reader) {
      if (reader.stage().equals(Account.WAITING)) {
        return WAITING;
      }
      return reader.isSink() && reader.topic().equals(topics.processed(reader.signal()))
          ? PROCESSED
          : null;
    }

    private void checkTopic(AccountTotals reader, List<AccountTotals> writers, String outcome) {
      Map<String, Long> written =
          byTenant(
              writers.stream()
                  .flatMap(writer -> writer.outcomes().stream())
                  .filter(line -> line.outcome().equals(outcome))
                  .toList());
      Map<String, Long> taken = byTenant(reader.taken());
      Set<String> tenants = new HashSet<>(written.keySet());
      tenants.addAll(taken.keySet());
      Standing behind = standing.get(reader.account());
      String partition = reader.account().topic() + "-" + reader.account().partition();
      for (String tenant : tenants) {
        long left = written.getOrDefault(tenant, 0L) - taken.getOrDefault(tenant, 0L);
        if (left < 0) {
          differ(
              reader.account(),
              tenant,
              "items on " + partition + " that the processors have not written",
              -left);
        } else if (behind != null && behind.whole() && behind.of(tenant) < left) {
          differ(
              reader.account(),
              tenant,
              "items that the processors have written and that are not on " + partition,
              behind.of(tenant) - left);
        }
      }
    }

    private void differ(Account account, String tenant, String where, long items) {
      differences.add(new Difference(account.stage(), tenant, account.signal(), where, items));
    }

    private static Map<String, Long> byTenant(List<Line> lines) {
      Map<String, Long> items = new HashMap<>();
      lines.forEach(line -> items.merge(line.tenant(), line.items(), Long::sum));
      return items;
    }
  }
}
