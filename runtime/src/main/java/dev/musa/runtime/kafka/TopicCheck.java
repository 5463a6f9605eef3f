package dev.musa.runtime.kafka;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares a topic with what it has to be. */
record TopicCheck(TopicSpec spec, TopicDescription topic, Config config, Durability durability) {

  private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);

  /** Settings that decide what readers see; all others an operator may tune. */
  private static final Set<String> DECISIVE =
      Set.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
          TopicConfig.MAX_MESSAGE_BYTES_CONFIG);

  /** Why it cannot be used, each as one line with its remedy. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    checkPartitions(problems);
    checkReplicas(problems);
    checkInSyncReplicas(problems);
    if ("true".equals(value(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG))) {
      problems.add(
          wrongSetting(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "true", "false"));
    }
    new TreeMap<>(spec.configs())
        .forEach((key, expected) -> {
          @Nullable String actual = value(key);
          if (DECISIVE.contains(key) && actual != null && !fits(key, actual, expected)) {
            problems.add(wrongSetting(key, actual, expected));
          }
        });
    return problems;
  }

  /** Settings that differ and are left as they are. */
  void logDifferences() {
    for (Map.Entry<String, String> setting : spec.configs().entrySet()) {
      String key = setting.getKey();
      @Nullable String actual = value(key);
      if (!DECISIVE.contains(key) && actual != null && !actual.equals(setting.getValue())) {
        log.atWarn()
            .addKeyValue("topic", spec.name())
            .addKeyValue("setting", key)
            .addKeyValue("actual", actual)
            .addKeyValue("configured", setting.getValue())
            .log("topic keeps a setting that differs from the configured one");
      }
    }
  }

  private void checkPartitions(List<String> problems) {
    int actual = topic.partitions().size();
    if (actual != spec.partitions()) {
      problems.add(
          "topic %s has %d partitions (expected: %d): configure %2$d, or delete the topic if its"
                  .formatted(spec.name(), actual, spec.partitions())
              + " content is not needed");
    }
  }

  private void checkReplicas(List<String> problems) {
    int actual = replicas();
    if (actual < durability.replicationFactor()) {
      problems.add(
          "topic %s has replication factor %d (expected: at least %d with %d brokers): raise it"
                  .formatted(
                      spec.name(), actual, durability.replicationFactor(), durability.brokers())
              + " with kafka-reassign-partitions.sh, or delete the topic if its content is not"
              + " needed");
    }
  }

  private void checkInSyncReplicas(List<String> problems) {
    @Nullable String setting = value(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
    int actual = setting == null ? 1 : Integer.parseInt(setting);
    String key = TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG;
    if (actual < durability.minInSyncReplicas()) {
      String expected = String.valueOf(durability.minInSyncReplicas());
      problems.add(wrongSetting(key, String.valueOf(actual), expected));
    } else if (actual > replicas()) {
      String expected = String.valueOf(Math.max(1, replicas() - 1));
      problems.add(wrongSetting(key, String.valueOf(actual), expected));
    }
  }

  /** Of the partition that has the fewest. */
  private int replicas() {
    return topic.partitions().stream()
        .mapToInt(partition -> partition.replicas().size())
        .min()
        .orElse(0);
  }

  private String wrongSetting(String key, String actual, String expected) {
    return ("topic %s has %s=%s (expected: %s): set it with kafka-configs.sh --alter --topic %1$s"
            + " --add-config %2$s=%4$s")
        .formatted(spec.name(), key, actual, expected);
  }

  private static boolean fits(String key, String actual, String expected) {
    return switch (key) {
      case TopicConfig.CLEANUP_POLICY_CONFIG -> policies(actual).equals(policies(expected));
      case TopicConfig.MAX_MESSAGE_BYTES_CONFIG ->
          Long.parseLong(actual) >= Long.parseLong(expected);
      default -> actual.equals(expected);
    };
  }

  private static Set<String> policies(String value) {
    return Arrays.stream(value.split(",", -1)).map(String::strip).collect(Collectors.toSet());
  }

  private @Nullable String value(String key) {
    @Nullable ConfigEntry entry = config.get(key);
    return entry == null ? null : entry.value();
  }
}
