package dev.musa.processors.metrics;

import dev.musa.processors.streams.Path;
import dev.musa.processors.streams.PathParts;
import dev.musa.schemas.Signal;
import org.apache.kafka.streams.Topology;

/**
 * The path of a data point: read it, filter, redact, join and limit it in the order of the rules,
 * and write what is left. What cannot be read goes to the dead letters, in the same transaction.
 */
public final class MetricsPath {
  private MetricsPath() {}

  public static void addTo(Topology topology, PathParts parts) {
    Path.of(Signal.METRICS, topology, parts)
        .read(parts.topics().raw(Signal.METRICS))
        .apply(rules -> rules.metrics().steps())
        .write(parts.topics().processed(Signal.METRICS))
        .deadLetter(parts.topics().deadLetter())
        .hold(parts.topics().waiting(Signal.METRICS));
  }

  /** The same for what was held back. */
  public static void addWaitingTo(Topology topology, PathParts parts) {
    Path.ofWaiting(Signal.METRICS, topology, parts)
        .read(parts.topics().waiting(Signal.METRICS))
        .apply(rules -> rules.metrics().steps())
        .write(parts.topics().processed(Signal.METRICS))
        .deadLetter(parts.topics().deadLetter())
        .hold(parts.topics().waiting(Signal.METRICS));
  }
}
