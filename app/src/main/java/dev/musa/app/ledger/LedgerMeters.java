package dev.musa.app.ledger;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The ledger as metrics: {@code musa_ledger_items_total} with the labels of {@code
 * musa_items_total}, and {@code musa_ledger_unbalanced_items}, which is 0 as long as the sum is
 * right. Unlike the counters of a process they go on after a crash where they were.
 */
final class LedgerMeters {
  private static final String TAKEN = "taken";

  private final MeterRegistry registry;
  private final Map<Tags, AtomicLong> items = new HashMap<>();
  private final AtomicLong unbalanced = new AtomicLong();

  LedgerMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("musa.ledger.unbalanced.items", unbalanced, AtomicLong::doubleValue)
        .description("Items that the ledger's sum is wrong by; `musa ledger` says where")
        .register(registry);
  }

  /** For one thread. */
  void show(Balance balance) {
    for (Balance.Flow flow : balance.flows()) {
      set(flow, TAKEN, "", flow.taken().items());
      flow.outcomes()
          .forEach((fate, amount) -> set(flow, fate.outcome(), fate.reason(), amount.items()));
    }
    unbalanced.set(balance.differences().stream().mapToLong(each -> Math.abs(each.items())).sum());
  }

  private void set(Balance.Flow flow, String outcome, String reason, long value) {
    Tags tags =
        Tags.of(
            "tenant", flow.tenant(),
            "signal", flow.signal().label(),
            "stage", flow.stage(),
            "outcome", outcome,
            "reason", reason);
    items.computeIfAbsent(tags, this::register).set(value);
  }

  private AtomicLong register(Tags tags) {
    AtomicLong value = new AtomicLong();
    FunctionCounter.builder("musa.ledger.items", value, AtomicLong::doubleValue)
        .description("Items by what happened to them, exact through crashes")
        .tags(tags)
        .register(registry);
    return value;
  }
}
