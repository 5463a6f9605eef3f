package dev.musa.benchmarks.load;

import dev.musa.schemas.Signal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the generator has sent since its start, by signal.
 *
 * @param failures calls that were not acknowledged, by gRPC status
 */
public record LoadCounts(
    Map<Signal, Sent> signals, Map<String, Long> failures, long requests, long bytes) {

  /**
   * Items of one signal: {@code sent = acknowledged + rejected + failed} once no call is under way.
   *
   * @param errors spans with status ERROR among the acknowledged
   * @param rejected by partial success
   * @param failed in calls that were not acknowledged; some may have been taken nevertheless
   */
  public record Sent(long sent, long acknowledged, long errors, long rejected, long failed) {
    Sent minus(Sent before) {
      return new Sent(
          sent - before.sent,
          acknowledged - before.acknowledged,
          errors - before.errors,
          rejected - before.rejected,
          failed - before.failed);
    }
  }

  public LoadCounts {
    signals = Map.copyOf(signals);
    failures = Map.copyOf(new TreeMap<>(failures));
  }

  public Sent of(Signal signal) {
    Sent sent = signals.get(signal);
    return sent == null ? new Sent(0, 0, 0, 0, 0) : sent;
  }

  public long acknowledged() {
    return signals.values().stream().mapToLong(Sent::acknowledged).sum();
  }

  public long sent() {
    return signals.values().stream().mapToLong(Sent::sent).sum();
  }

  public long failed() {
    return signals.values().stream().mapToLong(Sent::failed).sum();
  }

  /** What came since. */
  public LoadCounts minus(LoadCounts before) {
    Map<Signal, Sent> since = new EnumMap<>(Signal.class);
    signals.forEach((signal, sent) -> since.put(signal, sent.minus(before.of(signal))));
    Map<String, Long> failed = new TreeMap<>();
    failures.forEach((status, count) -> {
      long more = count - before.failures.getOrDefault(status, 0L);
      if (more > 0) {
        failed.put(status, more);
      }
    });
    return new LoadCounts(since, failed, requests - before.requests, bytes - before.bytes);
  }
}
