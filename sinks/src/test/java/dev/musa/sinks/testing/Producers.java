package dev.musa.sinks.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Producers without a Kafka. */
public final class Producers {
  public static final String LEDGER = "musa.ledger";
  private static final int LEDGER_PARTITIONS = 4;

  private Producers() {}

  /** One that answers at once and knows the ledger topic. */
  public static MockProducer<byte[], byte[]> mock() {
    var node = new Node(0, "localhost", 1);
    var nodes = new Node[] {node};
    List<PartitionInfo> partitions = new ArrayList<>();
    for (int p = 0; p < LEDGER_PARTITIONS; p++) {
      partitions.add(new PartitionInfo(LEDGER, p, node, nodes, nodes));
    }
    var cluster = new Cluster("test", List.of(node), partitions, Set.of(), Set.of());
    return new MockProducer<>(
        cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
  }
}
