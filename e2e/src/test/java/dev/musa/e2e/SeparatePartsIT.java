package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each part in a process of its own, against a Kafka that is not in it. */
class SeparatePartsIT {
  private static final Duration ARRIVAL = Duration.ofSeconds(60);

  @TempDir Path directory;
  private final List<MusaProcess> processes = new ArrayList<>();
  private final KafkaApart cluster = new KafkaApart();

  @AfterEach
  void stop() {
    processes.reversed().forEach(MusaProcess::close);
    cluster.close();
  }

  @Test
  void againstTheEmbeddedNodeAlone() throws Exception {
    Installation kafka = Installation.in(directory("kafka"));
    processes.add(kafka.start("kafka").awaitReady(kafka.ports()));
    sendThrough(kafka.bootstrapServers(), kafka.prefix());
  }

  @Test
  void againstAKafkaCluster() throws Exception {
    cluster.orSkip("SeparatePartsIT.againstAKafkaCluster");
    sendThrough(cluster.bootstrapServers(), cluster.newPrefix());
  }

  private void sendThrough(String bootstrapServers, String prefix) throws Exception {
    List<Installation> parts = new ArrayList<>();
    List<MusaProcess> running = new ArrayList<>();
    for (String part : List.of("control", "collector", "processors", "sinks")) {
      Installation installation = Installation.at(bootstrapServers, prefix, directory(part), "");
      MusaProcess process = installation.start(part);
      processes.add(process);
      parts.add(installation);
      running.add(process);
    }
    for (int i = 0; i < running.size(); i++) {
      running.get(i).awaitReady(parts.get(i).ports());
    }
    Installation collector = parts.get(1);
    Installation sinks = parts.get(3);

    Random random = new Random(5);
    List<Span> sent = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Span span =
          Traces.span(random, Traces.newTraceId(random), "s" + i, Duration.ofMillis(1), false);
      sent.add(span);
      assertThat(
              Traces.post(
                  collector.ports(), "traces", Traces.request("shop", List.of(span)).toByteArray()))
          .isEqualTo(200);
    }

    OutputFiles output = new OutputFiles(sinks.output());
    Await.until("all spans", ARRIVAL, () -> output.spans().size() >= sent.size(), output::spans);
    Comparator<Span> byName = Comparator.comparing(Span::getName);
    assertThat(output.spans().stream().sorted(byName).toList())
        .isEqualTo(sent.stream().sorted(byName).toList());
    for (MusaProcess part : running.reversed()) {
      assertThat(part.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  private Path directory(String name) throws Exception {
    return java.nio.file.Files.createDirectories(directory.resolve(name));
  }
}
