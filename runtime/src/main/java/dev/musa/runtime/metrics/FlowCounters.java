package dev.musa.runtime.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens to items at one stage, as {@code musa_items_total} and {@code
 * musa_bytes_total} with the labels tenant, signal, stage, outcome and reason.
 *
 * <p>An <b>item</b> is the unit that is kept or lost as a whole; many travel in one Kafka record.
 * Each item that a stage takes in is counted once, with exactly one outcome, after that outcome is
 * certain (after the acknowledgement, the commit, the backend's answer). So the counters of a
 * process obey, per tenant and signal, with <i>in flight</i> for what is taken in but not counted
 * yet:
 *
 * <pre>
 * collector   received  = accepted + refused(reason)
 * processors  accepted  = processed + dropped(rule) + limited(rule) + sampled_out(policy)
 *                       + deadlettered(reason) + expired + in flight
 * sink:NAME   processed = delivered + unroutable(reason) + deadlettered(reason) + expired
 *                       + in flight
 * </pre>
 *
 * <table>
 * <caption>Outcomes</caption>
 * <tr><th>outcome</th><th>reason</th><th>meaning</th></tr>
 * <tr><td>accepted</td><td></td><td>acknowledged by Kafka, then answered as accepted</td></tr>
 * <tr><td>refused</td><td>why</td><td>answered as refused; the sender knows</td></tr>
 * <tr><td>processed</td><td></td><td>written to the processed topic</td></tr>
 * <tr><td>dropped</td><td>rule</td><td>dropped by a rule's condition</td></tr>
 * <tr><td>limited</td><td>rule</td><td>over a rule's limit</td></tr>
 * <tr><td>sampled_out</td><td>policy</td><td>not kept by sampling</td></tr>
 * <tr><td>deadlettered</td><td>why</td><td>written to the dead-letter topic</td></tr>
 * <tr><td>delivered</td><td></td><td>the backend answered success</td></tr>
 * <tr><td>unroutable</td><td>why</td><td>no route of this sink wants it</td></tr>
 * <tr><td>expired</td><td></td><td>deleted by retention before it was read</td></tr>
 * </table>
 *
 * <p>Counters live in memory: after a crash they start at zero, and what was in flight is counted
 * by the process that takes it up. They are for watching; what has to balance across crashes is
 * committed with the offsets.
 *
 * <p>Thread-safe. Counting for labels seen before allocates nothing.
 */
public final class FlowCounters {

  static final String ITEMS = "musa.items";
  static final String BYTES = "musa.bytes";

  private final MeterRegistry registry;
  private final String stage;

  // By tenant, signal, outcome and reason: a key object would be allocated for every call.
  private final ConcurrentMap<
          String, ConcurrentMap<String, ConcurrentMap<String, ConcurrentMap<String, Pair>>>>
      pairs = new ConcurrentHashMap<>();

  public FlowCounters(MeterRegistry registry, String stage) {
    this.registry = registry;
    this.stage = stage;
  }

  /**
   * Adds to the counters of these labels.
   *
   * @param reason the rule, policy or cause; empty for an outcome that needs none
   * @param bytes 0 where the bytes of these items are not known
   * @throws IllegalArgumentException if items or bytes is negative
   */
  public void count(
      String tenant, String signal, String outcome, String reason, long items, long bytes) {
    if (items < 0 || bytes < 0) {
      throw new IllegalArgumentException(
          "items is %d and bytes is %d (expected: 0 or more)".formatted(items, bytes));
    }
    Pair pair = pair(tenant, signal, outcome, reason);
    pair.items.increment((double) items);
    pair.bytes.increment((double) bytes);
  }

  private Pair pair(String tenant, String signal, String outcome, String reason) {
    var signals = pairs.get(tenant);
    if (signals != null) {
      var outcomes = signals.get(signal);
      if (outcomes != null) {
        var reasons = outcomes.get(outcome);
        if (reasons != null) {
          @Nullable Pair pair = reasons.get(reason);
          if (pair != null) {
            return pair;
          }
        }
      }
    }
    return pairs
        .computeIfAbsent(tenant, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(signal, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(outcome, _ -> new ConcurrentHashMap<>())
        .computeIfAbsent(
            reason,
            _ ->
                new Pair(
                    counter(
                        ITEMS, "Items by what happened to them", tenant, signal, outcome, reason),
                    counter(
                        BYTES,
                        "Bytes of items by what happened to them",
                        tenant,
                        signal,
                        outcome,
                        reason)));
  }

  private Counter counter(
      String name,
      String description,
      String tenant,
      String signal,
      String outcome,
      String reason) {
    return Counter.builder(name)
        .description(description)
        .tag("tenant", tenant)
        .tag("signal", signal)
        .tag("stage", stage)
        .tag("outcome", outcome)
        .tag("reason", reason)
        .register(registry);
  }

  private record Pair(Counter items, Counter bytes) {}
}
