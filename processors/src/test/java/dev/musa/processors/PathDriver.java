package dev.musa.processors;

import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.streams.PathParts;
import dev.musa.processors.streams.Transactions;
import dev.musa.rules.HashKey;
import dev.musa.rules.RuleException;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Properties;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** A path without a broker: what goes in as one record, what comes out, what is counted. */
public final class PathDriver implements AutoCloseable {
  private static final String TENANT = "acme";

  private final RecordedCounts counts = new RecordedCounts();
  private final Transactions transactions = new Transactions(counts);
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> raw;
  private final TestOutputTopic<byte[], byte[]> kept;

  public PathDriver(
      Signal signal,
      BiConsumer<Topology, PathParts> path,
      LongFunction<RuleSet> rulesAt,
      Path stateDir) {
    this(signal, path, rulesAt, TestPods.none(), stateDir);
  }

  public PathDriver(
      Signal signal,
      BiConsumer<Topology, PathParts> path,
      LongFunction<RuleSet> rulesAt,
      PodIndex pods,
      Path stateDir) {
    Topics topics = new Topics("musa");
    Topology topology = new Topology();
    path.accept(
        topology,
        new PathParts(
            topics,
            rulesAt,
            new Limits(new SimpleMeterRegistry(), 1_000),
            transactions,
            pods,
            InstantSource.system(),
            1 << 20));
    Properties properties = new Properties();
    properties.putAll(
        Map.of(
            "application.id", "app",
            "bootstrap.servers", "none:1",
            "state.dir", stateDir.toString()));
    driver = new TopologyTestDriver(topology, properties);
    raw =
        driver.createInputTopic(
            topics.raw(signal), new ByteArraySerializer(), new ByteArraySerializer());
    kept =
        driver.createOutputTopic(
            topics.processed(signal), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** The rule example of the repository. */
  public static RuleSet example(Path directory) {
    Path key = directory.resolve("hash.key");
    Path rules = Path.of("..", "examples", "rules", "shop.yaml");
    try {
      Files.writeString(key, "a key that only this test knows\n");
      return RuleSet.load(Map.of("shop.yaml", Files.readString(rules)), HashKey.read(key));
    } catch (IOException | RuleException e) {
      throw new AssertionError(rules + " does not load", e);
    }
  }

  public static RuleSet rules(String yaml, Path directory) {
    Path key = directory.resolve("hash.key");
    try {
      Files.writeString(key, "a key that only this test knows\n");
      return RuleSet.load(
          Map.of("rules.yaml", "apiVersion: musa.dev/v1\nkind: Rules\n" + yaml), HashKey.read(key));
    } catch (IOException | RuleException e) {
      throw new AssertionError(e);
    }
  }

  public void send(byte[] value, int items, long timestamp) {
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    new RecordHeaders(TENANT, "east", items, timestamp, null, null).writeTo(headers);
    raw.pipeInput(new TestRecord<>(null, value, headers, timestamp));
  }

  public boolean keptNothing() {
    return kept.isEmpty();
  }

  public byte[] kept() {
    return kept.readValue();
  }

  public RecordHeaders keptHeaders() {
    return RecordHeaders.read(kept.readRecord().headers());
  }

  /** Ends the transaction; items by "outcome reason". */
  public Map<String, Long> counted() {
    transactions.current().committed();
    return counts.items();
  }

  /** What {@link #counted} ended went on without its pod: items by "signal reason". */
  public Map<String, Long> unenriched() {
    return counts.unenriched();
  }

  @Override
  public void close() {
    driver.close();
  }
}
