package dev.musa.app.node;

import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka node in this process, on loopback. It never ends the process: after a fatal fault (a full
 * disk above all) it holds the intake's gate shut and starts Kafka anew, on the same port and data,
 * as soon as there is room.
 */
public final class EmbeddedNode implements Service {
  /**
   * What the configuration of every topic here has to say, so that nothing is deleted before its
   * readers have passed it: {@link Retention} deletes, Kafka does not.
   */
  public static final Map<String, String> TOPIC_CONFIGS =
      Map.of("retention.ms", "-1", "retention.bytes", "-1");

  private static final Logger log = LoggerFactory.getLogger(EmbeddedNode.class);
  private static final String GATE_KEY = "kafka";
  private static final long ROOM_TO_RESTART = 64L << 20;
  private static final int TICKS_BETWEEN_CHECKS = 5;
  private static final int MOST_TICKS_BETWEEN_ATTEMPTS = 60;

  private final NodeConfig config;
  private final Gate gate;
  private final ClockTime time;
  private final Map<String, String> overrides;
  private final DiskReserve reserve;
  private final Counter restarts;
  private final ReentrantLock lifecycle = new ReentrantLock();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("musa-node-watch").daemon().factory());

  private @Nullable DataDirectory directory;
  private @Nullable TransactionSigns signs;
  private volatile @Nullable Incarnation incarnation;
  private volatile @Nullable String fault;
  private volatile int port;
  private int controllerPort;
  private int tick;
  private int failedAttempts;
  private int ticksToNextAttempt;
  private boolean closed;

  /**
   * @param gate is held shut while the node cannot or should not take in more
   * @param clock Kafka's, too
   */
  public EmbeddedNode(NodeConfig config, Gate gate, MeterRegistry metrics, InstantSource clock) {
    this(config, gate, metrics, clock, Map.of(), () -> config.data().toFile().getUsableSpace());
  }

  /** With more settings for Kafka and another view of the free space, for tests. */
  EmbeddedNode(
      NodeConfig config,
      Gate gate,
      MeterRegistry metrics,
      InstantSource clock,
      Map<String, String> overrides,
      LongSupplier usableSpace) {
    this.config = config;
    this.gate = gate;
    this.time = new ClockTime(clock);
    this.overrides = overrides;
    this.reserve = new DiskReserve(config.data(), config.diskReserve(), usableSpace, gate);
    this.restarts =
        Counter.builder("musa.node.restarts")
            .description("restarts of the embedded Kafka in place, after a fatal fault")
            .register(metrics);
    gauges(metrics);
  }

  @Override
  public String name() {
    return "kafka";
  }

  /** Where clients connect, known once it is started. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  @Override
  public void start() {
    lifecycle.lock();
    try {
      if (directory != null || closed) {
        throw new IllegalStateException("the embedded node can be started only once");
      }
      directory = DataDirectory.open(config.data());
      signs = new TransactionSigns();
      port = config.port();
      controllerPort = config.controllerPort();
      reserve.check(System.nanoTime(), 0);
      begin();
      var _ = watch.scheduleWithFixedDelay(this::watch, 1, 1, TimeUnit.SECONDS);
    } catch (RuntimeException e) {
      close();
      throw e;
    } finally {
      lifecycle.unlock();
    }
  }

  /** Ends Kafka cleanly; clients should be closed before. */
  @Override
  public void close() {
    watch.shutdownNow();
    lifecycle.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      try (DataDirectory _ = directory;
          TransactionSigns _ = signs;
          Incarnation _ = incarnation) {
        incarnation = null;
      }
    } finally {
      lifecycle.unlock();
    }
  }

  @Override
  public Health health() {
    if (fault != null) {
      return Health.notReady(fault);
    }
    TransactionSigns seen = signs;
    if (incarnation == null || seen == null) {
      return Health.notReady("not started");
    }
    String complaint = seen.complaint();
    return complaint == null ? Health.ok() : Health.notReady(complaint);
  }

  /** What should be freed on the disk at once, so that the intake can go on; 0 if nothing. */
  long missingSpace() {
    return reserve.missing();
  }

  /** All partitions on this node, none while Kafka is down. */
  Collection<UnifiedLog> partitions() {
    Incarnation now = incarnation;
    return now == null ? List.of() : now.partitions();
  }

  private void begin() {
    try (LoopbackSockets sockets = new LoopbackSockets()) {
      port = sockets.bind("node.port", port);
      controllerPort = sockets.bind("node.controllerPort", controllerPort);
      DataDirectory data = Objects.requireNonNull(directory);
      Map<String, String> settings =
          new HashMap<>(BrokerSettings.of(data.logs(), port, controllerPort, config.fsync()));
      settings.putAll(overrides);
      Incarnation started = Incarnation.start(data.logs(), settings, sockets, time);
      incarnation = started;
      fault = null;
      var _ = started.failed().thenAccept(this::fail);
    }
  }

  /** Refuses intake at once; the watch does the rest. */
  private void fail(String reason) {
    String text =
        "embedded Kafka failed ("
            + reason
            + "): it starts anew when "
            + (roomToRestart() >> 20)
            + " MiB are usable at "
            + config.data();
    fault = text;
    gate.shut(GATE_KEY, text);
  }

  private void watch() {
    lifecycle.lock();
    try {
      if (closed) {
        return;
      }
      Incarnation now = incarnation;
      if (now != null) {
        reserve.check(System.nanoTime(), bytesOf(now));
      }
      if (now != null && now.isStopped() && fault == null) {
        fail("the broker stopped by itself");
      }
      if (fault != null) {
        replace();
      } else if (now != null && tick++ % TICKS_BETWEEN_CHECKS == 0) {
        checkTransactions(now);
      }
    } catch (RuntimeException | Error e) {
      // The next tick tries again; without a watch nothing ever would.
      log.atError().setCause(e).log("watching the embedded node failed");
    } finally {
      lifecycle.unlock();
    }
  }

  private static long bytesOf(Incarnation now) {
    long bytes = 0;
    for (UnifiedLog partition : now.partitions()) {
      bytes += partition.size();
    }
    return bytes;
  }

  private void replace() {
    Incarnation failed = incarnation;
    if (failed != null) {
      incarnation = null;
      failed.close();
    }
    if (ticksToNextAttempt-- > 0 || reserve.usable() < roomToRestart()) {
      return;
    }
    try {
      begin();
      gate.open(GATE_KEY);
      String again = fault;
      if (again != null) {
        gate.shut(GATE_KEY, again); // it failed between its start and the opening of the gate
      }
      restarts.increment();
      failedAttempts = 0;
      log.atWarn().addKeyValue("port", port).log("embedded Kafka was started anew");
    } catch (StartupException e) {
      failedAttempts++;
      ticksToNextAttempt = Math.min(MOST_TICKS_BETWEEN_ATTEMPTS, 1 << Math.min(failedAttempts, 6));
      fail(String.valueOf(e.getMessage()));
    }
  }

  private void checkTransactions(Incarnation now) {
    if (signs != null) {
      signs.check(
          now.partitions().stream()
              .map(p ->
                  new TransactionSigns.Position(
                      p.topicPartition(), p.lastStableOffset(), p.highWatermark()))
              .toList(),
          System.nanoTime());
    }
  }

  private long roomToRestart() {
    return Math.min(ROOM_TO_RESTART, config.diskReserve().bytes());
  }

  private void gauges(MeterRegistry metrics) {
    Gauge.builder("musa.node.up", this, node -> node.health().ready() ? 1 : 0)
        .description("1 while the embedded Kafka serves, 0 while it is down")
        .register(metrics);
    Gauge.builder("musa.node.disk.usable", reserve, DiskReserve::usable)
        .description("space that may still be used on the disk of the data directory")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("musa.node.disk.reserve", config, c -> c.diskReserve().bytes())
        .description("intake is refused while less than this is usable")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("musa.node.disk.time.to.full", reserve, DiskReserve::secondsToFull)
        .description("time until the log grows to the reserve; below 600 s intake is slowed")
        .baseUnit("seconds")
        .register(metrics);
    Gauge.builder("musa.node.markers.skipped", this, EmbeddedNode::skippedMarkers)
        .description("transaction markers that the coordinator skipped; must stay 0")
        .register(metrics);
    Gauge.builder("musa.node.partitions.stalled", this, EmbeddedNode::stalledPartitions)
        .description("partitions whose read_committed readers are stuck; must stay 0")
        .register(metrics);
  }

  private double skippedMarkers() {
    TransactionSigns seen = signs;
    return seen == null ? 0 : seen.skipped();
  }

  private double stalledPartitions() {
    TransactionSigns seen = signs;
    return seen == null ? 0 : seen.stalled();
  }
}
