package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.musa.runtime.config.DataSize;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A collector with both listeners on free ports, before a producer that the test answers for. */
final class RunningCollector implements AutoCloseable {
  static final int PARTITIONS = 4;
  static final Topics TOPICS = new Topics("musa");
  static final Instant NOW = Instant.parse("2025-03-04T05:06:07.000000008Z");
  static final Duration SOON = Duration.ofMillis(1500);
  static final int MAX_REQUEST = 256 << 10;
  static final int IN_FLIGHT = 1 << 20;
  static final int MAX_RECORD = 64 << 10;

  final Gate gate = new Gate();
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  /** Added to the real monotonic clock. */
  final AtomicLong skippedNanos = new AtomicLong();

  private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
  private final Collector collector;

  private RunningCollector(CollectorConfig config, Supplier<MockProducer<byte[], byte[]>> kafka) {
    Supplier<Producer<byte[], byte[]>> recording =
        () -> {
          MockProducer<byte[], byte[]> producer = kafka.get();
          producers.add(producer);
          return producer;
        };
    collector =
        new Collector(
            config,
            recording,
            TOPICS,
            gate,
            registry,
            InstantSource.fixed(NOW),
            () -> System.nanoTime() + skippedNanos.get());
  }

  /** Kafka acknowledges at once. */
  static RunningCollector acknowledging() {
    return started(config(), () -> producer(true));
  }

  /** Kafka acknowledges when the test says so. */
  static RunningCollector waitingForKafka() {
    return started(config(), () -> producer(false));
  }

  /** Kafka acknowledges at once, and a request has to be there within {@link #SOON}. */
  static RunningCollector impatient() {
    return started(config(SOON, Duration.ofSeconds(10)), () -> producer(true));
  }

  static RunningCollector started(
      CollectorConfig config, Supplier<MockProducer<byte[], byte[]>> kafka) {
    RunningCollector running = new RunningCollector(config, kafka);
    running.collector.start();
    return running;
  }

  static RunningCollector notStarted(CollectorConfig config) {
    return new RunningCollector(config, () -> producer(true));
  }

  /** Patient enough for a busy machine. */
  static CollectorConfig config() {
    return config(Duration.ofSeconds(20), Duration.ofSeconds(10));
  }

  static CollectorConfig config(Duration readTimeout, Duration drainTimeout) {
    CollectorConfig defaults = CollectorConfig.defaults();
    return new CollectorConfig(
        new CollectorConfig.Endpoint("127.0.0.1", 0),
        new CollectorConfig.Endpoint("127.0.0.1", 0),
        false,
        "shop",
        "west",
        new DataSize(MAX_REQUEST),
        new DataSize(IN_FLIGHT),
        new DataSize(MAX_RECORD),
        defaults.linger(),
        readTimeout,
        defaults.retryAfter(),
        defaults.deliveryTimeout(),
        defaults.maxConnectionAge(),
        defaults.maxConnectionAgeGrace(),
        drainTimeout,
        defaults.recording());
  }

  static MockProducer<byte[], byte[]> producer(boolean acknowledges) {
    return producer(acknowledges, () -> {});
  }

  /** One that does something first whenever a record is sent. */
  static MockProducer<byte[], byte[]> producer(boolean acknowledges, Runnable beforeSending) {
    return new MockProducer<>(
        cluster(), acknowledges, null, new ByteArraySerializer(), new ByteArraySerializer()) {
      @Override
      public synchronized Future<RecordMetadata> send(
          ProducerRecord<byte[], byte[]> sent, @Nullable Callback callback) {
        beforeSending.run();
        return super.send(sent, callback);
      }
    };
  }

  /** Kafka has told nothing yet. */
  static MockProducer<byte[], byte[]> unreachable() {
    MockProducer<byte[], byte[]> producer = producer(true);
    producer.partitionsForException = new TimeoutException("Topic not present in metadata");
    return producer;
  }

  private static Cluster cluster() {
    Node node = new Node(1, "kafka", 9092);
    Node[] nodes = {node};
    List<PartitionInfo> infos = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      for (int p = 0; p < PARTITIONS; p++) {
        infos.add(new PartitionInfo(TOPICS.raw(signal), p, node, nodes, nodes));
      }
    }
    return new Cluster("test", List.of(node), infos, Set.of(), Set.of());
  }

  Collector collector() {
    return collector;
  }

  MockProducer<byte[], byte[]> kafka() {
    return producers.getLast();
  }

  int producersMade() {
    return producers.size();
  }

  List<ProducerRecord<byte[], byte[]>> records() {
    return kafka().history();
  }

  /** Waits until the producer holds that many records. */
  void awaitRecords(int number) {
    await(() -> records().size() >= number, number + " records");
  }

  /** The items counted so far, by outcome and reason. */
  Map<String, Long> items() {
    return counters("musa.items", "outcome", "reason");
  }

  Map<String, Long> requests() {
    return counters("musa.collector.requests", "outcome", "reason");
  }

  /** How many requests have their time until Kafka's acknowledgement recorded. */
  long acknowledged(Signal signal) {
    return registry
        .get("musa.collector.acknowledgement")
        .tag("signal", signal.label())
        .timer()
        .count();
  }

  private Map<String, Long> counters(String name, String first, String second) {
    Map<String, Long> found = new TreeMap<>();
    for (Counter counter : registry.find(name).counters()) {
      String reason = counter.getId().getTag(second);
      String key = counter.getId().getTag(first) + (reason.isEmpty() ? "" : " " + reason);
      found.merge(key, (long) counter.count(), Long::sum);
    }
    found.values().removeIf(count -> count == 0);
    return found;
  }

  long inFlightBytes() {
    Gauge gauge = registry.get("musa.collector.in.flight").gauge();
    return (long) gauge.value();
  }

  /** The invariant after each test: nothing of the budget is lost. */
  void assertNothingInFlight() {
    await(() -> inFlightBytes() == 0, "no bytes in flight");
    assertThat(inFlightBytes()).isZero();
  }

  static void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("not within 10 s: " + what);
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    collector.close();
  }
}
