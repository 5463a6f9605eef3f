package dev.musa.schemas;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which topics MUSA needs, with how many partitions and which topic configuration.
 *
 * @param topics their names
 * @param partitions partitions of every topic with telemetry; fixed once they exist
 * @param retention how long telemetry is kept; negative if nothing is deleted by age, as on the
 *     embedded node, where MUSA deletes what every reader has passed
 * @param maxMessageBytes the largest record batch that a topic takes
 */
public record TopicLayout(Topics topics, int partitions, Duration retention, int maxMessageBytes) {
  public static final int EMBEDDED_PARTITIONS = 8;
  public static final int CLUSTER_PARTITIONS = 32;

  /**
   * Records keep the time at which they came in, whatever the clocks have done since. Kafka refuses
   * what is more than an hour ahead of the broker's unless told otherwise, and whoever writes it
   * would try for ever.
   */
  private static final Map<String, String> ANY_TIME =
      Map.of("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));

  private static final int DEAD_LETTER_HEADERS = 16 << 10;
  private static final Duration LEDGER_RETENTION = Duration.ofDays(30);

  /** A snapshot holds every tenant and reason of one account; no batch may exceed a segment. */
  public static final int SNAPSHOT_BYTES = 15 << 20;

  /** A reader of the snapshots reads the head of the log, which is not compacted. */
  private static final int SNAPSHOT_SEGMENT_BYTES = 16 << 20;

  /** One topic as it has to be. */
  public record Spec(String name, int partitions, Map<String, String> configs) {
    public Spec {
      configs = Map.copyOf(configs);
    }
  }

  public List<Spec> specs() {
    List<Spec> specs = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      // One clock per partition: a collector with a wrong one can neither hurry nor hold back
      // anything.
      specs.add(telemetry(topics.raw(signal), Map.of("message.timestamp.type", "LogAppendTime")));
      specs.add(telemetry(topics.processed(signal), Map.of()));
      specs.add(telemetry(topics.redrive(signal), Map.of()));
    }
    specs.add(telemetry(topics.waiting(Signal.LOGS), Map.of()));
    specs.add(telemetry(topics.waiting(Signal.METRICS), Map.of()));
    specs.add(telemetry(topics.decisions(), Map.of()));
    specs.add(
        telemetry(
            topics.deadLetter(),
            // A dead letter is a record with more headers.
            Map.of("max.message.bytes", Integer.toString(maxMessageBytes + DEAD_LETTER_HEADERS))));
    // For as long as there are the letters, however long that is.
    specs.add(new Spec(topics.deadLetterDone(), partitions, compacted(Map.of())));
    specs.add(
        telemetry(
            topics.ledger(), Map.of("retention.ms", Long.toString(LEDGER_RETENTION.toMillis()))));
    specs.add(
        new Spec(
            topics.ledgerSnapshot(),
            1,
            compacted(
                Map.of(
                    "max.message.bytes",
                    Integer.toString(SNAPSHOT_BYTES),
                    "segment.bytes",
                    Integer.toString(SNAPSHOT_SEGMENT_BYTES)))));
    specs.add(new Spec(topics.rules(), 1, compacted(Map.of())));
    // One partition: what a pod gives back stands before what another one gets.
    specs.add(new Spec(topics.kubernetesMetadata(), 1, compacted(Map.of())));
    return specs;
  }

  private static Map<String, String> compacted(Map<String, String> more) {
    Map<String, String> configs = new HashMap<>(ANY_TIME);
    configs.put("cleanup.policy", "compact");
    configs.putAll(more);
    return configs;
  }

  private Spec telemetry(String name, Map<String, String> more) {
    Map<String, String> configs = new HashMap<>(ANY_TIME);
    configs.put("cleanup.policy", "delete");
    configs.put(
        "retention.ms", retention.isNegative() ? "-1" : Long.toString(retention.toMillis()));
    configs.put("retention.bytes", "-1");
    configs.put("max.message.bytes", Integer.toString(maxMessageBytes));
    configs.putAll(more);
    return new Spec(name, partitions, configs);
  }
}
