package dev.musa.runtime.kafka;

import java.util.Map;

/**
 * A topic as it has to be.
 *
 * @param configs topic configurations; those of durability are added by {@link TopicProvisioner}
 */
public record TopicSpec(String name, int partitions, Map<String, String> configs) {

  public TopicSpec {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name is empty (expected: the name of a topic)");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions is %d for topic %s (expected: 1 or more)".formatted(partitions, name));
    }
    configs = Map.copyOf(configs);
  }
}
