package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a node under transactional load and looks at what its next life makes of it.
 *
 * <p>{@code -Dmusa.kill.cycles=100} makes it long; {@code -Dmusa.kill.order=ordinary} starts Kafka
 * in its own order, which has to fail.
 */
class KillLoopTest {
  private static final int CYCLES = Integer.getInteger("musa.kill.cycles", 3);
  private static final String ORDER = System.getProperty("musa.kill.order", "musa");
  private static final int PRODUCERS = 3;
  private static final Duration STUCK_LIMIT = Duration.ofSeconds(30);
  private static final Duration LIFE_LIMIT = Duration.ofMinutes(3);

  @TempDir Path data;
  private final Random random = new Random();
  private int port;
  private int controllerPort;
  private Process child;

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @BeforeEach
  void choosePorts() throws IOException {
    // Held together, so that they differ; fixed from then on, as in the product.
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        ServerSocket two = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = one.getLocalPort();
      controllerPort = two.getLocalPort();
    }
  }

  @AfterEach
  void endChild() {
    if (child != null) {
      child.destroyForcibly();
    }
  }

  @Test
  void killedAtAnyTime_losesNothingAndHoldsNoReader() throws Exception {
    for (int cycle = 0; cycle < CYCLES; cycle++) {
      if (cycle % 3 == 1) {
        launch("start" + cycle, PRODUCERS);
        kill(200 + random.nextInt(2500)); // before it is ready, mostly
      }
      start("life" + cycle, PRODUCERS);
      if (random.nextInt(10) < 7) {
        assertReadersReachTheEnd("life" + cycle);
      }
      assertThat(child.inputReader().readLine()).as(log("life" + cycle)).isEqualTo("BUSY");
      kill(100 + random.nextInt(CYCLES > 3 ? 2900 : 900));
    }
    start("last", 0);
    assertReadersReachTheEnd("last");
    assertThat(wrongTransactions()).isEmpty();
    kill(0);
    assertThat(skippedMarkers()).isEmpty();
  }

  private void start(String life, int producers) throws IOException {
    launch(life, producers);
    BufferedReader out = child.inputReader();
    String ready = out.readLine();
    assertThat(ready).as(() -> log(life)).startsWith("READY");
    System.out.println(life + ": " + ready);
    assertThat(out.readLine()).as(() -> log(life)).isEqualTo("TOPICS");
  }

  private void launch(String life, int producers) throws IOException {
    child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                KillLoopChild.class.getName(),
                data.toString(),
                String.valueOf(port),
                String.valueOf(controllerPort),
                life,
                ORDER,
                String.valueOf(producers))
            .redirectError(data.resolve("log-" + life).toFile())
            .start();
    Process launched = child;
    var _ =
        launched
            .onExit()
            .orTimeout(LIFE_LIMIT.toSeconds(), TimeUnit.SECONDS)
            .exceptionally(_ -> launched.destroyForcibly());
  }

  /** Sends kill -9 after this time, in which the process must not end by itself. */
  private void kill(long afterMillis) throws InterruptedException {
    assertThat(child.waitFor(afterMillis, TimeUnit.MILLISECONDS)).as("ended by itself").isFalse();
    child.destroyForcibly();
    assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  /** Readers of all partitions reach, in time, what was there at the start. */
  private void assertReadersReachTheEnd(String life) throws Exception {
    try (KafkaConsumer<String, String> all =
            Clients.consumer(bootstrap(), Map.of("isolation.level", "read_uncommitted"));
        KafkaConsumer<String, String> committed = Clients.consumer(bootstrap(), Map.of())) {
      Map<TopicPartition, Long> ends = all.endOffsets(partitions());
      long end = System.nanoTime() + STUCK_LIMIT.toNanos();
      List<String> behind = behind(committed, ends);
      while (!behind.isEmpty()) {
        if (System.nanoTime() > end) {
          fail("readers are stuck in %s: %s, skipped: %s", life, behind, skippedMarkers());
        }
        assertThat(child.waitFor(100, TimeUnit.MILLISECONDS)).as(() -> log(life)).isFalse();
        behind = behind(committed, ends);
      }
    }
  }

  private static List<String> behind(
      KafkaConsumer<String, String> committed, Map<TopicPartition, Long> ends) {
    Map<TopicPartition, Long> reachable = committed.endOffsets(partitions());
    return partitions().stream()
        .filter(p -> reachable.get(p) < ends.get(p))
        .map(p -> p + " at " + reachable.get(p) + " of " + ends.get(p))
        .toList();
  }

  private List<String> skippedMarkers() throws IOException {
    List<String> skipped = new ArrayList<>();
    for (Path log : files("log-")) {
      skipped.addAll(
          Files.readAllLines(log).stream()
              .filter(l -> l.contains("hence can be skipped"))
              .toList());
    }
    return skipped;
  }

  /** Every acknowledged transaction once and whole, every aborted one not at all, none in part. */
  private List<String> wrongTransactions() throws IOException {
    Map<String, List<String>> seen =
        Stream.of(KillLoopChild.TOPIC_A, KillLoopChild.TOPIC_B)
            .flatMap(topic -> Clients.readAll(bootstrap(), topic, STUCK_LIMIT).stream())
            .map(value -> value.split(" "))
            .collect(
                Collectors.groupingBy(
                    parts -> parts[0] + " " + parts[2],
                    Collectors.mapping(parts -> parts[1], Collectors.toList())));
    List<String> wrong = new ArrayList<>();
    seen.forEach((id, parts) -> addIfWrong(id, parts, wrong));
    int acknowledged = 0;
    for (Path journal : files("journal-")) {
      for (String line : Files.readAllLines(journal)) {
        String id = line.substring(line.indexOf(' ') + 1);
        boolean committed = line.startsWith("committed");
        acknowledged += committed ? 1 : 0;
        if (committed != seen.containsKey(id)) {
          wrong.add((committed ? "lost: " : "aborted but visible: ") + id);
        }
      }
    }
    System.out.println(acknowledged + " transactions acknowledged, " + seen.size() + " seen");
    assertThat(acknowledged).isGreaterThanOrEqualTo(CYCLES);
    return wrong;
  }

  private static void addIfWrong(String id, List<String> parts, List<String> wrong) {
    int expected = Integer.parseInt(id.substring(id.indexOf(' ') + 1));
    Set<String> distinct = new HashSet<>(parts);
    if (distinct.size() != expected) {
      wrong.add("half: " + id + " has only " + distinct);
    }
    if (distinct.size() != parts.size()) {
      wrong.add("duplicate: " + id + " has " + parts);
    }
  }

  private String bootstrap() {
    return "127.0.0.1:" + port;
  }

  private static List<TopicPartition> partitions() {
    return Stream.of(KillLoopChild.TOPIC_A, KillLoopChild.TOPIC_B)
        .flatMap(topic ->
            IntStream.range(0, KillLoopChild.PARTITIONS)
                .mapToObj(p -> new TopicPartition(topic, p)))
        .toList();
  }

  private List<Path> files(String prefix) throws IOException {
    try (Stream<Path> all = Files.list(data)) {
      return all.filter(f -> f.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private String log(String life) {
    try {
      return Files.readString(data.resolve("log-" + life));
    } catch (IOException e) {
      return "no log of " + life + ": " + e;
    }
  }
}
