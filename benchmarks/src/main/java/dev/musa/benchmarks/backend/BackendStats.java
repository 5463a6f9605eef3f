package dev.musa.benchmarks.backend;

import dev.musa.benchmarks.load.Latency;
import dev.musa.schemas.Signal;
import java.util.Map;

/** What a backend has received since it was reset. */
public record BackendStats(Map<Signal, Received> signals) {

  /**
   * One signal.
   *
   * @param errors spans with status ERROR
   * @param delay from the time that the items carry to their arrival, of items of the window
   */
  public record Received(long items, long requests, long bytes, long errors, Latency delay) {}

  public BackendStats {
    signals = Map.copyOf(signals);
  }

  public Received of(Signal signal) {
    Received received = signals.get(signal);
    if (received == null) {
      throw new IllegalStateException("the backend says nothing of " + signal.label());
    }
    return received;
  }

  public long items() {
    return signals.values().stream().mapToLong(Received::items).sum();
  }
}
