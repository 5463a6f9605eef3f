package dev.musa.processors.stages;

import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one open transaction has counted and which tokens it has taken, until it is known whether
 * the transaction holds. Exactly one of {@link #committed}, {@link #aborted} and {@link #inDoubt}
 * ends it, after which the same instance serves the next transaction.
 *
 * <p>Belongs to the one thread that runs the transaction.
 */
public final class UnitOfWork {
  private final CountSink counters;
  private final Map<CountKey, Totals> counts = new HashMap<>();
  private final List<TokenBucket> touched = new ArrayList<>();

  public UnitOfWork(CountSink counters) {
    this.counters = counters;
  }

  /** Counts items; they reach the counters when the transaction commits. */
  public void count(
      String tenant, Signal signal, String outcome, String reason, long items, long bytes) {
    Totals totals =
        counts.computeIfAbsent(new CountKey(tenant, signal, outcome, reason), _ -> new Totals());
    totals.items += items;
    totals.bytes += bytes;
  }

  /** The transaction holds: what was counted is counted, what was taken stays taken. */
  public void committed() {
    counts.forEach((key, totals) ->
        counters.count(
            key.tenant, key.signal.label(), key.outcome, key.reason, totals.items, totals.bytes));
    counts.clear();
    touched.forEach(bucket -> bucket.settle(this, true));
    touched.clear();
  }

  /** The transaction does not hold: nothing was counted, every token goes back to its bucket. */
  public void aborted() {
    counts.clear();
    touched.forEach(bucket -> bucket.settle(this, false));
    touched.clear();
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
    counts.clear();
    touched.forEach(bucket -> bucket.settle(this, true));
    touched.clear();
    return items;
  }

  void remember(TokenBucket bucket) {
    touched.add(bucket);
  }

  /** Where committed counts go; {@code FlowCounters::count} is one. */
  @FunctionalInterface
  public interface CountSink {
    void count(String tenant, String signal, String outcome, String reason, long items, long bytes);
  }

  private record CountKey(String tenant, Signal signal, String outcome, String reason) {}

  private static final class Totals {
    long items;
    long bytes;
  }
}
