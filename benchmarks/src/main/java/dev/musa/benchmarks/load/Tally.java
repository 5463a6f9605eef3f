package dev.musa.benchmarks.load;

import dev.musa.benchmarks.payload.Template;
import dev.musa.schemas.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls from all threads. */
final class Tally {
  private final Map<Signal, Adders> signals = new EnumMap<>(Signal.class);
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();
  private final LongAdder requests = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  private record Adders(
      LongAdder sent,
      LongAdder acknowledged,
      LongAdder errors,
      LongAdder rejected,
      LongAdder failed) {
    Adders() {
      this(new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  Tally() {
    for (Signal signal : Signal.values()) {
      signals.put(signal, new Adders());
    }
  }

  void sent(Template template) {
    of(template).sent.add(template.items());
    requests.increment();
    bytes.add(template.size());
  }

  void acknowledged(Template template, long rejected) {
    Adders adders = of(template);
    adders.acknowledged.add(template.items() - rejected);
    adders.errors.add(template.errors());
    adders.rejected.add(rejected);
  }

  void failed(Template template, String status) {
    of(template).failed.add(template.items());
    failures.computeIfAbsent(status, _ -> new LongAdder()).increment();
  }

  LoadCounts counts() {
    Map<Signal, LoadCounts.Sent> result = new EnumMap<>(Signal.class);
    signals.forEach((signal, adders) ->
        result.put(
            signal,
            new LoadCounts.Sent(
                adders.sent.sum(),
                adders.acknowledged.sum(),
                adders.errors.sum(),
                adders.rejected.sum(),
                adders.failed.sum())));
    Map<String, Long> byStatus = new TreeMap<>();
    failures.forEach((status, count) -> byStatus.put(status, count.sum()));
    return new LoadCounts(result, byStatus, requests.sum(), bytes.sum());
  }

  private Adders of(Template template) {
    Adders adders = signals.get(template.signal());
    if (adders == null) {
      throw new IllegalStateException("no counters for " + template.signal());
    }
    return adders;
  }
}
