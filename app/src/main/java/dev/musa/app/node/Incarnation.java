package dev.musa.app.node;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.TopicImage;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.PartitionRegistration;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One life of the broker and its controller, from start to stop or to its first fatal fault.
 *
 * <p>The order of the start matters. The transaction coordinator takes a partition without a leader
 * for a deleted one and skips its markers, which freezes read_committed readers for good. After a
 * crash the metadata still show the dead incarnation as the leader, and a broker that starts on
 * them sees its leaders vanish while the coordinator lives. So the controller starts alone, removes
 * the dead incarnation and waits until no partition has a leader; a broker that starts then gets
 * all its leaders back at once, with its coordinator.
 */
final class Incarnation implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Incarnation.class);
  private static final Duration CONTROLLER_LIMIT = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(10);
  private static final Duration BROKER_STOP_LIMIT = Duration.ofSeconds(5);
  private static final Path CLEAN_SHUTDOWN = Path.of(".kafka_cleanshutdown");

  private final Path logs;
  private final BrokerFaults faults;
  private final ControllerServer controller;
  private final BrokerServer broker;

  private Incarnation(Path logs, BrokerFaults faults, SharedServer shared, ControllerServer c) {
    this.logs = logs;
    this.faults = faults;
    this.controller = c;
    this.broker = new BrokerServer(shared);
  }

  /**
   * Starts on {@code logs}, formatting them if they are new, and returns when clients are served.
   *
   * @throws StartupException if it cannot; nothing of it runs on then
   */
  static Incarnation start(
      Path logs, Map<String, String> settings, LoopbackSockets sockets, Time time) {
    BrokerFaults faults = BrokerFaults.listen();
    Interrupter interrupter = new Interrupter(Thread.currentThread());
    // Kafka's own waits know nothing of a fault elsewhere and have no end.
    var _ = faults.first().thenRun(interrupter::fire);
    try {
      return start(logs, settings, sockets, time, faults);
    } catch (Exception e) {
      faults.close();
      String fault = faults.reason();
      throw new StartupException(
          "embedded Kafka cannot start on "
              + logs
              + ": "
              + (fault == null ? e.toString() : fault)
              + ": see the log; a disk that is full or fails is the usual cause",
          e);
    } finally {
      interrupter.disarm();
    }
  }

  private static Incarnation start(
      Path logs,
      Map<String, String> settings,
      LoopbackSockets sockets,
      Time time,
      BrokerFaults faults)
      throws Exception {
    format(logs);
    KafkaConfig config = new KafkaConfig(settings, false);
    var directories = KafkaRaftServer.initializeLogDirs(config, log, "");
    SharedServer shared =
        new SharedServer(
            config,
            directories._1(),
            time,
            Server.initializeMetrics(config, time, directories._1().clusterId().orElseThrow()),
            CompletableFuture.completedFuture(
                QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
            QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
            faults,
            sockets);
    ControllerServer controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
    Incarnation incarnation = new Incarnation(logs, faults, shared, controller);
    try {
      controller.startup();
      incarnation.removePredecessor();
      incarnation.broker.startup();
      CoordinatorTopics.create(
          controller.controller(),
          context(),
          incarnation.broker,
          incarnation.image().orElseThrow().topics());
      if (faults.reason() != null) {
        throw new StartupException("it failed while it started");
      }
      return incarnation;
    } catch (Exception e) {
      Thread.interrupted(); // the stop must not be interrupted by the fault that ended the start
      incarnation.close();
      throw e;
    }
  }

  /** Completes when this incarnation has become unusable, with the reason. */
  CompletableFuture<String> failed() {
    return faults.first();
  }

  /** Kafka may also stop the broker without any fault, at the controller's demand. */
  boolean isStopped() {
    return broker.isShutdown();
  }

  /** All partitions, MUSA's and Kafka's own. */
  List<UnifiedLog> partitions() {
    return List.copyOf(CollectionConverters.asJavaCollection(broker.logManager().allLogs()));
  }

  @Override
  public void close() {
    try {
      broker.shutdown(BROKER_STOP_LIMIT);
    } finally {
      controller.shutdown();
      faults.close();
      if (faults.reason() != null) {
        forceRecovery();
      }
    }
  }

  /** After a fault the end of any log may be half written, whatever Kafka believes. */
  private void forceRecovery() {
    try {
      Files.deleteIfExists(logs.resolve(CLEAN_SHUTDOWN));
    } catch (IOException e) {
      log.atWarn().setCause(e).addKeyValue("path", logs).log("cannot force log recovery");
    }
  }

  static void format(Path logs) throws Exception {
    if (Files.exists(logs.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(BrokerSettings.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerSettings.CONTROLLER_LISTENER)
          .setMetadataLogDirectory(logs.toString())
          .addDirectory(logs.toString())
          .run();
    }
  }

  private void removePredecessor() throws InterruptedException, ExecutionException {
    await("the controller to read its metadata", () -> image().isPresent());
    BrokerRegistration predecessor = image().orElseThrow().cluster().broker(BrokerSettings.NODE_ID);
    if (predecessor != null && !predecessor.fenced()) {
      unregister();
    }
    await("the dead incarnation to be gone", () -> image().filter(Incarnation::clear).isPresent());
  }

  private void unregister() throws InterruptedException, ExecutionException {
    await(
        "the controller to become active",
        () -> {
          try {
            controller.controller().unregisterBroker(context(), BrokerSettings.NODE_ID).get();
            return true;
          } catch (ExecutionException e) {
            return switch (e.getCause()) {
              case NotControllerException _ -> false;
              case BrokerIdNotRegisteredException _ -> true;
              case null, default -> throw new IllegalStateException(e.getCause());
            };
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
          }
        });
  }

  private static ControllerRequestContext context() {
    return new ControllerRequestContext(
        new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
  }

  private Optional<MetadataImage> image() {
    MetadataImage image = controller.metadataCache().getImage();
    boolean read = !image.isEmpty() && image.provenance().lastContainedOffset() >= 0;
    return read ? Optional.of(image) : Optional.empty();
  }

  private static boolean clear(MetadataImage image) {
    BrokerRegistration broker = image.cluster().broker(BrokerSettings.NODE_ID);
    if (broker != null && !broker.fenced()) {
      return false;
    }
    for (TopicImage topic : image.topics().topicsById().values()) {
      for (PartitionRegistration partition : topic.partitions().values()) {
        if (partition.leader == BrokerSettings.NODE_ID) {
          return false;
        }
      }
    }
    return true;
  }

  private void await(String what, BooleanSupplier reached) throws InterruptedException {
    long end = System.nanoTime() + CONTROLLER_LIMIT.toNanos();
    while (!reached.getAsBoolean()) {
      if (faults.await(POLL) || System.nanoTime() - end > 0) {
        throw new StartupException("waited in vain for " + what);
      }
    }
  }

  /** Interrupts the starting thread, but not later than its start lasts. */
  private static final class Interrupter {
    private @Nullable Thread starting;

    Interrupter(Thread starting) {
      this.starting = starting;
    }

    synchronized void fire() {
      if (starting != null) {
        starting.interrupt();
      }
    }

    synchronized void disarm() {
      starting = null;
    }
  }
}
