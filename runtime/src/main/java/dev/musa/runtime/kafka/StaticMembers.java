package dev.musa.runtime.kafka;

import java.util.Set;

/**
 * The static members of consumer groups. Kafka keeps one that has ended, and its partitions for it,
 * until it is back or its session times out.
 */
public interface StaticMembers extends AutoCloseable {
  /** The instance ids of those that a group has now; none if there is no such group. */
  Set<String> of(String group);

  /**
   * Takes members out of a group at once, as if their sessions had timed out. Those that it has no
   * more are passed over.
   *
   * @param reason for the log of the broker
   */
  void remove(String group, Set<String> instanceIds, String reason);

  @Override
  void close();

  /** As Kafka has them; throws what {@link KafkaAdmin#connect(KafkaConfig, String)} throws. */
  static StaticMembers connect(KafkaConfig config, String clientId) {
    return new StaticMembersOfKafka(KafkaAdmin.connect(config, clientId));
  }
}
