package dev.musa.processors.logs;

import dev.musa.processors.streams.Path;
import dev.musa.processors.streams.PathParts;
import dev.musa.schemas.Signal;
import org.apache.kafka.streams.Topology;

/**
 * The path of a log record: read it, filter, redact and limit it in the order of the rules, and
 * write what is left. What cannot be read goes to the dead letters, in the same transaction.
 */
public final class LogsPath {
  private LogsPath() {}

  public static void addTo(Topology topology, PathParts parts) {
    Path.of(Signal.LOGS, topology, parts)
        .read(parts.topics().raw(Signal.LOGS))
        .apply(rules -> rules.logs().steps())
        .write(parts.topics().processed(Signal.LOGS))
        .deadLetter(parts.topics().deadLetter())
        .hold(parts.topics().waiting(Signal.LOGS));
  }

  /** The same for what was held back. */
  public static void addWaitingTo(Topology topology, PathParts parts) {
    Path.ofWaiting(Signal.LOGS, topology, parts)
        .read(parts.topics().waiting(Signal.LOGS))
        .apply(rules -> rules.logs().steps())
        .write(parts.topics().processed(Signal.LOGS))
        .deadLetter(parts.topics().deadLetter())
        .hold(parts.topics().waiting(Signal.LOGS));
  }
}
