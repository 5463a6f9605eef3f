package dev.musa.processors.streams;

import dev.musa.rules.RuleSet;
import dev.musa.rules.Step;
import dev.musa.schemas.Signal;
import dev.musa.schemas.ledger.Account;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/**
 * Describes the path of one signal through a topology, in the words of what happens to its records.
 * Every part has a fixed name, so that an upgrade finds its tasks again.
 *
 * <p>Between its parts a record has the input's partition number as its key: a sink must write to
 * the same partition, and Streams tells a partitioner nothing else of where a record comes from. On
 * the topic the key is null.
 */
public final class Path {
  static final StreamPartitioner<Integer, byte[]> SAME_PARTITION =
      (topic, partition, value, partitions) -> Optional.of(Set.of(partition));
  private static final StreamPartitioner<Integer, byte[]> ANY_PARTITION =
      (topic, partition, value, partitions) -> Optional.empty();
  private static final Serializer<Integer> NO_KEY = new NoKeySerializer();

  private final String name;
  private final String stage;
  private final Signal signal;
  private final Topology topology;
  private final PathParts parts;

  private Path(String name, String stage, Signal signal, Topology topology, PathParts parts) {
    this.name = name;
    this.stage = stage;
    this.signal = signal;
    this.topology = topology;
    this.parts = parts;
  }

  /** A path, still empty, in this topology. */
  public static Path of(Signal signal, Topology topology, PathParts parts) {
    return new Path(signal.label(), Account.PROCESSORS, signal, topology, parts);
  }

  /** The same for what was held back. */
  public static Path ofWaiting(Signal signal, Topology topology, PathParts parts) {
    return new Path(signal.label() + "-waiting", Account.WAITING, signal, topology, parts);
  }

  public Path read(String topic) {
    topology.addSource(
        named("read"), new ByteArrayDeserializer(), new ByteArrayDeserializer(), topic);
    return this;
  }

  /** Runs steps over each item, by the rule set in force at the time of its record. */
  public Path apply(Function<RuleSet, List<Step>> stepsOf) {
    topology.addProcessor(
        named("apply"),
        () ->
            new StepsProcessor(
                stage,
                signal,
                stepsOf,
                parts,
                new StepsProcessor.Children(named("write"), named("hold"), named("deadletter"))),
        named("read"));
    topology.addStateStore(new IdentityStore.Builder(named("identity")), named("apply"));
    return this;
  }

  public Path write(String topic) {
    topology.addSink(
        named("write"), topic, NO_KEY, new ByteArraySerializer(), SAME_PARTITION, named("apply"));
    return this;
  }

  public Path deadLetter(String topic) {
    topology.addSink(
        named("deadletter"),
        topic,
        NO_KEY,
        new ByteArraySerializer(),
        ANY_PARTITION,
        named("apply"));
    return this;
  }

  /** Holds back what waits for something to be known. */
  public Path hold(String topic) {
    topology.addSink(
        named("hold"), topic, NO_KEY, new ByteArraySerializer(), SAME_PARTITION, named("apply"));
    return this;
  }

  private String named(String part) {
    return name + "-" + part;
  }

  private static final class NoKeySerializer implements Serializer<Integer> {
    @Override
    @SuppressWarnings("NullAway") // Kafka's contract: a null array is a record without a key.
    public byte[] serialize(String topic, Integer partition) {
      return null;
    }
  }
}
