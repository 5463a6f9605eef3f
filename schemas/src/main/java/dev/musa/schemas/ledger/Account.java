package dev.musa.schemas.ledger;

import dev.musa.schemas.Signal;

/**
 * What is counted together: what one reader does with one partition of its source topic.
 *
 * @param stage {@code processors}, {@code waiting}, or {@code sink:} and the name of the sink
 * @param topic the source topic
 */
public record Account(String stage, Signal signal, String topic, int partition) {
  public static final String PROCESSORS = "processors";

  /** The processors again, for what they have held back. */
  public static final String WAITING = "waiting";

  private static final String SINK = "sink:";

  /** The stage of the sink with this name. */
  public static String sink(String name) {
    return SINK + name;
  }

  /** The same in one word for the key of a record. */
  public String key() {
    return stage + ' ' + topic + '-' + partition;
  }

  public boolean isSink() {
    return stage.startsWith(SINK);
  }
}
