package dev.musa.chaos;

import dev.musa.chaos.Fault.Need;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;

/** Kafka that is slow, away or damaged, and producers that another has taken the place of. */
final class KafkaFaults {
  private static final Duration SLOW = Duration.ofSeconds(15);
  private static final Duration STALLED = Duration.ofMillis(400);
  private static final Duration RUNNING = Duration.ofMillis(100);

  /** Longer than any session. */
  private static final Duration GONE = Duration.ofSeconds(50);

  /** Longer than the session of a broker, so that others lead. */
  private static final Duration DOWN = Duration.ofSeconds(12);

  private static final int LATEST_START_MILLIS = 15_000;
  private static final int HALF_BATCH_BYTES = 40;
  private static final int LOST_BYTES = 1 << 16;

  private KafkaFaults() {}

  static Map<String, Fault> all() {
    Map<String, Fault> all = new LinkedHashMap<>();
    all.put("kafka-slow", fault(KafkaFaults::slow).needing(Need.NODE));
    all.put("kafka-gone", fault(KafkaFaults::gone).needing(Need.NODE));
    all.put("half-batch", fault(KafkaFaults::halfBatch).needing(Need.NODE));
    all.put("fence", fault(KafkaFaults::fence));
    all.put("kill-leader", fault(KafkaFaults::killLeader).needing(Need.CLUSTER));
    all.put("pause-leader", fault(scene -> PartFaults.pause(leader(scene))).needing(Need.CLUSTER));
    all.put("truncate-replica", fault(KafkaFaults::truncateReplica).needing(Need.CLUSTER));
    return all;
  }

  private static Fault fault(Fault.Course course) {
    return Fault.of(course).repeatingAnywhere();
  }

  /** It answers, but stands still four fifths of the time. */
  private static void slow(Scene scene) throws InterruptedException {
    PartProcess node = scene.plant().part(Plant.NODE);
    long deadline = System.nanoTime() + SLOW.toNanos();
    while (System.nanoTime() - deadline < 0) {
      node.pause();
      try {
        Scene.sleep(STALLED);
      } finally {
        node.resume();
      }
      Scene.sleep(RUNNING);
    }
  }

  private static void gone(Scene scene) throws InterruptedException {
    PartProcess node = scene.plant().part(Plant.NODE);
    node.kill();
    Scene.sleep(GONE);
    node.start();
    node.awaitReady();
  }

  /** A kill in the middle of a write: behind what was acknowledged a batch has begun. */
  private static void halfBatch(Scene scene) throws InterruptedException {
    PartProcess node = scene.plant().part(Plant.NODE);
    node.kill();
    for (Path segment : newestSegments(scene.plant().data(Plant.NODE).resolve("kafka"))) {
      try (FileChannel file =
          FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        ByteBuffer begin = ByteBuffer.allocate(HALF_BATCH_BYTES);
        file.read(begin, 0);
        file.write(begin.flip(), file.size());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    node.start();
    node.awaitReady();
  }

  /** The newest segment of each partition with telemetry that has something in it. */
  private static List<Path> newestSegments(Path logs) {
    try (Stream<Path> partitions = Files.list(logs)) {
      return partitions
          .filter(directory -> directory.getFileName().toString().startsWith("musa."))
          .map(KafkaFaults::newestSegment)
          .filter(segment -> segment.toFile().length() > HALF_BATCH_BYTES)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path newestSegment(Path partition) {
    try (Stream<Path> files = Files.list(partition)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(".log"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Takes the place of some transactional producer, as a second one of its name would. Not of that
   * of the rules: a second publisher is an operator's mistake, which it leaves to him.
   */
  private static void fence(Scene scene) throws InterruptedException {
    try (Admin admin = connect(scene)) {
      List<String> writers =
          admin.listTransactions().all().get().stream()
              .map(TransactionListing::transactionalId)
              .filter(id -> !id.endsWith(".publisher"))
              // Those of instances that have left stay known for a week.
              .filter(id -> Plant.MORE_PROCESSORS.stream().noneMatch(id::contains))
              .sorted()
              .toList();
      if (writers.isEmpty()) {
        throw new ChaosException("fence: no producer has transactions");
      }
      String one = writers.get(scene.random().nextInt(writers.size()));
      admin.fenceProducers(List.of(one)).all().get();
    } catch (ExecutionException e) {
      throw new ChaosException("fence: " + e.getCause());
    }
  }

  private static Admin connect(Scene scene) {
    return Admin.create(Map.of("bootstrap.servers", scene.plant().bootstrapServers()));
  }

  private static PartProcess leader(Scene scene) throws InterruptedException {
    String topic = "musa.traces.raw";
    try (Admin admin = connect(scene)) {
      TopicDescription description =
          Objects.requireNonNull(
              admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
      int id = description.partitions().getFirst().leader().id();
      return scene.plant().part(Plant.NODE + "-" + id);
    } catch (ExecutionException e) {
      throw new ChaosException("the leader of " + topic + " is not known: " + e.getCause());
    }
  }

  private static void killLeader(Scene scene) throws InterruptedException {
    PartProcess leader = leader(scene);
    leader.kill();
    Scene.sleep(Duration.ofMillis(scene.random().nextInt(LATEST_START_MILLIS)));
    leader.start();
    leader.awaitReady();
  }

  /** As after a loss of power: the end of its logs is missing at one broker. */
  private static void truncateReplica(Scene scene) throws InterruptedException {
    PartProcess leader = leader(scene);
    leader.kill();
    Scene.sleep(DOWN);
    for (Path segment : newestSegments(scene.plant().data(leader.name()))) {
      try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
        file.truncate(Math.max(0, file.size() - scene.random().nextInt(LOST_BYTES)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    leader.start();
    leader.awaitReady();
  }
}
