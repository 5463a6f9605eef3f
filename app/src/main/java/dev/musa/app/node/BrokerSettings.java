package dev.musa.app.node;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka's settings for a single small node. */
final class BrokerSettings {
  static final int NODE_ID = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";

  /** Of the topic of the groups and of that of the transactions. */
  static final int COORDINATOR_PARTITIONS = 4;

  /** No producer may keep a transaction open for longer; Kafka refuses those that ask for it. */
  static final int TRANSACTION_MAX_TIMEOUT_MS = 60_000;

  private BrokerSettings() {}

  static Map<String, String> of(Path logs, int port, int controllerPort, boolean fsync) {
    Map<String, String> s = new HashMap<>();
    s.put("process.roles", "broker,controller");
    s.put("node.id", String.valueOf(NODE_ID));
    s.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
    s.put("controller.listener.names", CONTROLLER_LISTENER);
    s.put(
        "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort);
    s.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    s.put("inter.broker.listener.name", "PLAINTEXT");
    s.put("log.dirs", logs.toString());

    // A coordinator that sees its partitions without a leader skips transaction markers, and
    // readers
    // are stuck for good. Fencing a single node helps nobody and opens that window at run time (a
    // pause is enough), and so does a controlled shutdown; Incarnation closes the one at the start.
    s.put("broker.session.timeout.ms", "600000");
    s.put("broker.heartbeat.interval.ms", "500");
    s.put("controlled.shutdown.enable", "false");
    s.put("transaction.max.timeout.ms", String.valueOf(TRANSACTION_MAX_TIMEOUT_MS));

    // Small: one client machine, a handful of topics.
    s.put("log.cleaner.dedupe.buffer.size", "4194304");
    s.put("num.network.threads", "1");
    s.put("num.io.threads", "2");
    s.put("background.threads", "2");
    s.put("group.coordinator.threads", "1");
    s.put("share.coordinator.threads", "1");
    s.put("group.initial.rebalance.delay.ms", "0");
    s.put("auto.create.topics.enable", "false");
    s.put("metric.reporters", "");

    s.put("default.replication.factor", "1");
    s.put("min.insync.replicas", "1");
    s.put("offsets.topic.num.partitions", String.valueOf(COORDINATOR_PARTITIONS));
    s.put("offsets.topic.replication.factor", "1");
    s.put("transaction.state.log.num.partitions", String.valueOf(COORDINATOR_PARTITIONS));
    s.put("transaction.state.log.replication.factor", "1");
    s.put("transaction.state.log.min.isr", "1");
    s.put("share.coordinator.state.topic.num.partitions", "1");
    s.put("share.coordinator.state.topic.replication.factor", "1");
    s.put("share.coordinator.state.topic.min.isr", "1");

    // Retention deletes, Kafka does not. A position that expires would stop its reader for good.
    s.put("log.retention.ms", "-1");
    s.put("log.retention.bytes", "-1");
    s.put("offsets.retention.minutes", String.valueOf(10 * 365 * 24 * 60));
    // Space comes back by whole segments, soon after they are deleted.
    s.put("log.segment.bytes", String.valueOf(64 << 20));
    s.put("log.roll.ms", "3600000");
    s.put("log.retention.check.interval.ms", "10000");
    s.put("log.segment.delete.delay.ms", "1000");

    // As on the topics, also those that an earlier version made.
    s.put("log.message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));

    if (fsync) {
      s.put("log.flush.interval.messages", "1");
    }
    return s;
  }
}
