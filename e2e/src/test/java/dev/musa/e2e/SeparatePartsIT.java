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

  @AfterEach
  void stop() {
    processes.reversed().forEach(MusaProcess::close);
  }

  @Test
  void againstTheEmbeddedNodeAlone() throws Exception {
    Installation kafka = Installation.in(directory("kafka"));
    processes.add(kafka.start("kafka").awaitReady(kafka.ports()));
    sendThrough("127.0.0.1:" + kafka.ports().kafka());
  }

  @Test
  void againstAKafkaCluster() throws Exception {
    Skip.unlessDocker("SeparatePartsIT.againstAKafkaCluster");
    try (var kafka = new org.testcontainers.kafka.KafkaContainer("apache/kafka:4.3.1")) {
      kafka.start();
      sendThrough(kafka.getBootstrapServers());
    }
  }

  private void sendThrough(String bootstrapServers) throws Exception {
    String kafka =
        "kafka: {bootstrapServers: [\"%s\"]}\ntopics: {partitions: 8}\n"
            .formatted(bootstrapServers);
    Installation control = start("control", kafka);
    Installation collector = start("collector", kafka);
    Installation processors = start("processors", kafka);
    Installation sinks = start("sinks", kafka);
    for (int i = 1; i < processes.size(); i++) {
      processes
          .get(i)
          .awaitReady(List.of(control, collector, processors, sinks).get(i - 1).ports());
    }

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
    for (MusaProcess part : processes.subList(1, processes.size()).reversed()) {
      assertThat(part.interrupt(Duration.ofSeconds(20))).isZero();
    }
  }

  private Installation start(String part, String kafka) throws Exception {
    Installation installation = Installation.in(directory(part), kafka);
    processes.add(installation.start(part));
    return installation;
  }

  private Path directory(String name) throws Exception {
    return java.nio.file.Files.createDirectories(directory.resolve(name));
  }
}
