package dev.musa.processors.stages;

import dev.musa.rules.Limit;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The limits of this process. All tasks share one {@link LimitShare} per limit, and a limit that a
 * new rule set takes over unchanged keeps its buckets. Thread-safe.
 */
public final class Limits {
  /** Far more than the rule sets in force have together; so what goes is no longer in use. */
  private static final int MOST_LIMITS = 256;

  private final MeterRegistry metrics;
  private final int keysPerLimit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Identity, LimitShare> shares = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * @param keysPerLimit most keys that one limit tells apart before it forgets some
   */
  public Limits(MeterRegistry metrics, int keysPerLimit) {
    if (keysPerLimit < 1) {
      throw new IllegalArgumentException("keysPerLimit: " + keysPerLimit + " (expected: >= 1)");
    }
    this.metrics = metrics;
    this.keysPerLimit = keysPerLimit;
  }

  LimitShare share(Signal signal, Limit limit) {
    Rate rate = new Rate(limit.items(), limit.per().toMillis(), limit.burst());
    Identity identity = new Identity(signal, limit.name(), rate);
    lock.lock();
    try {
      LimitShare share = shares.computeIfAbsent(identity, this::buckets);
      if (shares.size() > MOST_LIMITS) {
        shares.remove(shares.keySet().iterator().next());
      }
      return share;
    } finally {
      lock.unlock();
    }
  }

  private TokenBuckets buckets(Identity identity) {
    Counter forgotten =
        Counter.builder("musa.limit.keys.forgotten")
            .description(
                "Keys forgotten with a bucket that was not full, because a limit had too many")
            .tag("signal", identity.signal.label())
            .tag("step", identity.step)
            .register(metrics);
    return new TokenBuckets(identity.rate, keysPerLimit, forgotten::increment, System::nanoTime);
  }

  private record Identity(Signal signal, String step, Rate rate) {}
}
