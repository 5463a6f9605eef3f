package dev.musa.app.node;

import ch.qos.logback.classic.Level;
import dev.musa.runtime.lifecycle.Gate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that {@link KillLoopTest} kills: a node with transactional producers, new ids in each
 * life. It writes down every transaction that Kafka acknowledged.
 */
final class KillLoopChild {
  static final String TOPIC_A = "kill-a";
  static final String TOPIC_B = "kill-b";
  static final int PARTITIONS = 4;

  /** What makes a wrong order of the start show within a few kills. */
  private static final Map<String, String> HURRY =
      Map.of("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");

  private static final Logger log = LoggerFactory.getLogger(KillLoopChild.class);

  private KillLoopChild() {}

  /**
   * Arguments: data directory, port, controller port, name of this life, order of the start,
   * producers.
   */
  public static void main(String[] args) throws Exception {
    long begin = System.nanoTime();
    PrintStream parent = System.out;
    System.setOut(System.err); // the log
    TestLogging.quiet();
    Path data = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    String life = args[3];
    switch (args[4]) {
      case "musa" -> startNode(data, port, Integer.parseInt(args[2]));
      case "ordinary" -> startOrdinary(data, port, Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException(args[4]);
    }
    parent.println("READY after " + (System.nanoTime() - begin) / 1_000_000 + " ms");
    if (!Files.exists(data.resolve("topics-created"))) {
      Clients.createTopic("127.0.0.1:" + port, TOPIC_A, PARTITIONS, Map.of());
      Clients.createTopic("127.0.0.1:" + port, TOPIC_B, PARTITIONS, Map.of());
      Files.createFile(data.resolve("topics-created"));
    }
    parent.println("TOPICS");
    Journal journal = new Journal(data.resolve("journal-" + life), parent);
    for (int i = 0; i < Integer.parseInt(args[5]); i++) {
      String name = life + "-" + i;
      Thread.ofPlatform().start(() -> produce("127.0.0.1:" + port, name, journal));
    }
    while (System.in.read() >= 0) {} // until the parent is gone, whatever way
    Runtime.getRuntime().halt(0);
  }

  private static void startNode(Path data, int port, int controllerPort) {
    NodeConfig d = NodeConfig.defaults();
    new EmbeddedNode(
            new NodeConfig(
                data,
                port,
                controllerPort,
                false,
                d.diskReserve(),
                d.retentionAge(),
                d.retentionSize()),
            new Gate(),
            new SimpleMeterRegistry(),
            InstantSource.system(),
            HURRY,
            () -> data.toFile().getUsableSpace())
        .start();
  }

  /** As Kafka starts by itself; the loop has to find what is wrong with that. */
  private static void startOrdinary(Path data, int port, int controllerPort) throws Exception {
    TestLogging.level("kafka.coordinator.transaction", Level.INFO);
    Path logs = Files.createDirectories(data.resolve("kafka"));
    Map<String, String> settings =
        new HashMap<>(BrokerSettings.of(logs, port, controllerPort, false));
    settings.putAll(HURRY);
    settings.put("broker.session.timeout.ms", "3000");
    Incarnation.format(logs);
    new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM).startup();
  }

  private static void produce(String bootstrap, String name, Journal journal) {
    Random random = new Random();
    try (KafkaProducer<String, String> producer =
        Clients.producer(
            bootstrap,
            Map.of(
                "transactional.id",
                UUID.randomUUID().toString(),
                "transaction.timeout.ms",
                3000))) {
      producer.initTransactions();
      for (int n = 0; ; n++) {
        transaction(producer, name + "-" + n, 1 + random.nextInt(10), random, journal);
      }
    } catch (KafkaException | IOException e) {
      log.atWarn().setCause(e).log("a producer ended"); // the next life has new ones
    }
  }

  private static void transaction(
      KafkaProducer<String, String> producer,
      String id,
      int records,
      Random random,
      Journal journal)
      throws IOException {
    boolean commit = random.nextInt(10) > 0;
    producer.beginTransaction();
    for (int i = 0; i < records; i++) {
      var _ =
          producer.send(
              new ProducerRecord<>(
                  random.nextBoolean() ? TOPIC_A : TOPIC_B,
                  random.nextInt(PARTITIONS),
                  null,
                  id + " " + i + " " + records));
    }
    if (commit) {
      producer.commitTransaction();
    } else {
      producer.flush();
      producer.abortTransaction();
    }
    journal.add((commit ? "committed " : "aborted ") + id + " " + records + "\n");
  }

  /** What Kafka acknowledged; tells the parent when the first transaction is committed. */
  private static final class Journal {
    private final OutputStream file;
    private final PrintStream parent;
    private final AtomicBoolean busy = new AtomicBoolean();

    Journal(Path file, PrintStream parent) throws IOException {
      this.file = new FileOutputStream(file.toFile());
      this.parent = parent;
    }

    void add(String line) throws IOException {
      file.write(line.getBytes(StandardCharsets.UTF_8)); // one write: it outlives the process
      if (line.startsWith("committed") && !busy.getAndSet(true)) {
        parent.println("BUSY");
      }
    }
  }
}
