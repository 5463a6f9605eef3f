package dev.musa.processors.streams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.processors.enrich.TestPods;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSet;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactional ids are the application id, the process id and the thread's number. */
class IdentityStoreTest {
  private @TempDir Path stateDir;

  @Test
  void processId_isKeptInTheStateDirectoryAndUsedAgain() throws IOException {
    String first = processIdAfterStart(path());
    String second = processIdAfterStart(path());

    assertThat(first).contains("processId");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void processId_withoutTheStore_isNotKept() {
    Topology topology = new Topology();
    topology.addSource("read", "in");
    topology.addSink("write", "out", new ByteArraySerializer(), new ByteArraySerializer(), "read");

    construct(topology);

    assertThat(processFile()).doesNotExist();
  }

  private String processIdAfterStart(Topology topology) throws IOException {
    construct(topology);
    return Files.readString(processFile());
  }

  /** Streams decides on the process id when it is constructed; nobody listens on this port. */
  private void construct(Topology topology) {
    Properties properties =
        new StreamsSettings("app", "0", stateDir, 1, Duration.ofMillis(100), 1 << 20)
            .properties(Map.of("bootstrap.servers", "127.0.0.1:1"));
    try (KafkaStreams streams = new KafkaStreams(topology, properties)) {
      assertThat(streams.state()).isEqualTo(KafkaStreams.State.CREATED);
    }
  }

  private Path processFile() {
    return stateDir.resolve("app").resolve("kafka-streams-process-metadata");
  }

  private static Topology path() {
    Topics topics = new Topics("t");
    Topology topology = new Topology();
    PathParts parts =
        new PathParts(
            topics,
            _ -> RuleSet.EMPTY,
            new Limits(new SimpleMeterRegistry(), 10),
            new Transactions(UnitOfWork.CountSink.NONE),
            TestPods.none(),
            InstantSource.system(),
            1 << 20);
    dev.musa.processors.streams.Path.of(Signal.LOGS, topology, parts)
        .read(topics.raw(Signal.LOGS))
        .apply(_ -> List.of())
        .write(topics.processed(Signal.LOGS))
        .deadLetter(topics.deadLetter());
    return topology;
  }
}
