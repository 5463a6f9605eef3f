package dev.musa.benchmarks.leg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.app.config.MusaConfig;
import dev.musa.benchmarks.payload.BenchPods;
import dev.musa.benchmarks.process.MusaJvm;
import dev.musa.runtime.config.ConfigReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MusaYamlTest {
  private static final Ports.Part PART = new Ports.Part(71, 72);
  private static final Ports PORTS = new Ports(61, 62, 63, 64, 65, List.of(PART));

  @TempDir Path directory;

  @Test
  void configuration_isReadByMusa() {
    MusaConfig config = read(setup(null), false);

    assertThat(config.kafka().bootstrapServers()).containsExactly("127.0.0.1:61");
    assertThat(config.collector().grpc().port()).isEqualTo(64);
    assertThat(config.topics().partitions()).isEqualTo(16);
    assertThat(config.collector().cluster()).isEqualTo(BenchPods.CLUSTER);
    assertThat(config.admin().port()).isEqualTo(71);
    assertThat(config.sinks().otlp().getFirst().endpoint())
        .isEqualTo(URI.create("http://127.0.0.1:62"));
    assertThat(config.rules().hashKeyFile()).exists();
  }

  @Test
  void partWithKafka_embedsIt() {
    MusaConfig config = read(setup(null), true);

    assertThat(config.embedsKafka()).isTrue();
    assertThat(config.node().port()).isEqualTo(61);
  }

  @Test
  void keysOfTheUser_areLaidOver() throws IOException {
    Path own = directory.resolve("own.yaml");
    Files.writeString(own, "collector: {inFlightBytes: 32MiB}\ntopics: {partitions: 3}\n");

    MusaConfig config = read(setup(own), false);

    assertThat(config.topics().partitions()).isEqualTo(3);
    assertThat(config.collector().inFlightBytes()).hasToString("32MiB");
    assertThat(config.collector().grpc().port()).isEqualTo(64);
  }

  private static MusaConfig read(Setup setup, boolean withKafka) {
    Path file = new MusaYaml(setup).write("part", PART, withKafka);
    return ConfigReader.read(file, MusaConfig.defaults());
  }

  private Setup setup(Path config) {
    return new Setup(
        new MusaJvm(List.of(), "none"),
        directory.resolve("data"),
        PORTS,
        16,
        null,
        SinkKind.OTLP,
        false,
        true,
        config,
        null);
  }
}
