package dev.musa.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.lifecycle.Gate;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRestartTest {
  private static final long PLENTY = 100L << 30;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir Path data;
  private final Gate gate = new Gate();
  private final AtomicLong usable = new AtomicLong(PLENTY);
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private EmbeddedNode node;

  @BeforeAll
  static void quiet() {
    TestLogging.quiet();
  }

  @BeforeEach
  void create() {
    node =
        new EmbeddedNode(
            NodeConfig.defaults().withData(data).withPort(0),
            gate,
            metrics,
            InstantSource.system(),
            Map.of(),
            usable::get);
  }

  @Test
  void logDirectoryFails_shutsTheGateAndStartsAnewWhenThereIsRoom() throws Exception {
    Traffic traffic = new Traffic();
    try (EmbeddedNode _ = node) {
      node.start();
      int port = node.port();
      Clients.createTopic(node.bootstrapServers(), "kept", 1, Map.of());
      Clients.createTopic(node.bootstrapServers(), "victim", 1, Map.of("segment.bytes", "1048576"));
      traffic.start(node.bootstrapServers());
      Waiting.until("traffic", LIMIT, () -> traffic.acknowledged.size() > 100);

      usable.set(0);
      Waiting.until("gate shut by the reserve", LIMIT, () -> !gate.isOpen());
      assertThat(gate.reason()).contains("disk nearly full");
      Path victim = data.resolve("kafka").resolve("victim-0");
      Files.move(victim, data.resolve("elsewhere"));
      writeUntilASegmentIsRolled();
      Waiting.until("fault", LIMIT, () -> gate.reason().contains("embedded Kafka failed"));
      assertThat(node.health().ready()).isFalse();

      Files.move(data.resolve("elsewhere"), victim);
      assertThat(metrics.counter("musa.node.restarts").count()).isZero();
      usable.set(PLENTY);
      Waiting.until("gate open", LIMIT, gate::isOpen);
      assertThat(node.health().ready()).isTrue();
      assertThat(node.port()).isEqualTo(port);
      // Counted after the gate is open.
      Waiting.until(
          "restart counted", LIMIT, () -> metrics.counter("musa.node.restarts").count() == 1);

      int before = traffic.acknowledged.size();
      Waiting.until("traffic again", LIMIT, () -> traffic.acknowledged.size() > before + 100);
      traffic.stop();
      List<String> read = Clients.readAll(node.bootstrapServers(), "kept", LIMIT);
      Set<String> distinct = new HashSet<>(read);
      assertThat(distinct).as("no duplicates").hasSize(read.size());
      Set<String> lost = new HashSet<>(traffic.acknowledged);
      lost.removeAll(distinct);
      assertThat(lost).isEmpty();
    } finally {
      traffic.stop();
    }
  }

  @Test
  void brokerWantsToEndTheProcess_isStoppedAndReplaced() {
    try (EmbeddedNode _ = node) {
      node.start();
      assertThat(haltReturns()).isFalse();
      assertThat(gate.reason()).contains("embedded Kafka failed").contains("status 1");
      Waiting.until("gate open", LIMIT, gate::isOpen);
      assertThat(node.health().ready()).isTrue();
    }
  }

  private static boolean haltReturns() {
    try {
      Exit.halt(1);
      return true;
    } catch (RuntimeException _) {
      return false;
    }
  }

  /** The next segment cannot be created, as on a full disk. */
  private void writeUntilASegmentIsRolled() {
    var limits = Map.<String, Object>of("delivery.timeout.ms", 2000, "request.timeout.ms", 1000);
    try (var producer = Clients.producer(node.bootstrapServers(), limits)) {
      String value = "x".repeat(100_000);
      for (int i = 0; i < 12; i++) {
        var _ = producer.send(new ProducerRecord<>("victim", value));
      }
      Waiting.until("fault", LIMIT, () -> !node.health().ready());
    }
  }

  /** A producer that is not touched while the node goes down and up. */
  private static final class Traffic {
    final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean on = new AtomicBoolean(true);
    private Thread thread;

    void start(String bootstrap) {
      thread = Thread.ofPlatform().start(() -> run(bootstrap));
    }

    private void run(String bootstrap) {
      try (KafkaProducer<String, String> producer = Clients.producer(bootstrap, Map.of())) {
        for (int i = 0; on.get(); i++) {
          String value = "v" + i;
          var _ =
              producer.send(
                  new ProducerRecord<>("kept", value),
                  (_, e) -> {
                    if (e == null) {
                      acknowledged.add(value);
                    }
                  });
          if (i % 100 == 0) {
            producer.flush();
          }
        }
      }
    }

    void stop() throws InterruptedException {
      on.set(false);
      if (thread != null) {
        thread.join();
      }
    }
  }
}
