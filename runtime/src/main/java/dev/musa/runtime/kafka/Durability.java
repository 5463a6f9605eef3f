package dev.musa.runtime.kafka;

/**
 * How many replicas a record has, and how many of them have it before it is acknowledged: with
 * three brokers one may be lost without losing a record or the ability to write.
 */
record Durability(int brokers, int replicationFactor, int minInSyncReplicas) {

  static Durability of(int brokers) {
    int replicationFactor = Math.min(3, brokers);
    return new Durability(brokers, replicationFactor, Math.max(1, replicationFactor - 1));
  }
}
