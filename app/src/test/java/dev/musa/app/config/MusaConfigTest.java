package dev.musa.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.musa.runtime.config.ConfigException;
import dev.musa.runtime.config.ConfigPrinter;
import dev.musa.runtime.config.ConfigReader;
import dev.musa.runtime.config.DataSize;
import dev.musa.schemas.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MusaConfigTest {
  @Test
  void defaults() {
    MusaConfig config = MusaConfig.defaults();

    assertThat(config.data()).isEqualTo(Path.of("data"));
    assertThat(config.embedsKafka()).isTrue();
    assertThat(config.kafkaOfNode().bootstrapServers()).isEqualTo(List.of("127.0.0.1:19092"));
    assertThat(config.topics())
        .isEqualTo(new TopicsConfig("musa", null, Duration.ofHours(24), DataSize.parse("1064KiB")));
    assertThat(config.admin()).isEqualTo(new AdminConfig("127.0.0.1", null, false));
    assertThat(config.health()).isEqualTo(new ListenConfig("127.0.0.1", null));
    assertThat(config.admin().address("admin", 4319).port()).isEqualTo(4319);
    assertThat(config.collector().grpc().port()).isEqualTo(4317);
    assertThat(config.collector().http().port()).isEqualTo(4318);
    assertThat(config.rules().directory()).isNull();
    assertThat(config.sinks().filesEnabled()).isTrue();
  }

  @Test
  void everyKeyOfItsOwnIsRead() {
    MusaConfig config =
        ConfigReader.read(
            "musa.yaml",
            """
            data: /var/lib/musa
            kafka:
              bootstrapServers: [kafka-0:9092, kafka-1:9092]
              properties: {security.protocol: SSL}
            topics:
              prefix: shop
              partitions: 12
              retention: 3d
              maxMessage: 2MiB
            admin: {host: localhost, port: 1}
            health: {host: 0.0.0.0, port: 2}
            """,
            MusaConfig.defaults());

    assertThat(config.data()).isEqualTo(Path.of("/var/lib/musa"));
    assertThat(config.embedsKafka()).isFalse();
    assertThat(config.kafka().bootstrapServers())
        .isEqualTo(List.of("kafka-0:9092", "kafka-1:9092"));
    assertThat(config.kafka().properties()).isEqualTo(Map.of("security.protocol", "SSL"));
    assertThat(config.topics())
        .isEqualTo(new TopicsConfig("shop", 12, Duration.ofDays(3), DataSize.parse("2MiB")));
    assertThat(config.maxRecordBytes()).isEqualTo((2 << 20) - (64 << 10));
    assertThat(config.topicNames().prefix()).isEqualTo("shop");
    assertThat(config.groups().prefix()).isEqualTo("shop");
    assertThat(config.admin()).isEqualTo(new AdminConfig("localhost", 1, false));
    assertThat(config.health()).isEqualTo(new ListenConfig("0.0.0.0", 2));
  }

  @Test
  void topicLayout_dependsOnWhoseKafkaItIs() {
    MusaConfig config = MusaConfig.defaults();

    TopicLayout embedded = config.topicLayout(true);
    TopicLayout cluster = config.topicLayout(false);

    assertThat(embedded.partitions()).isEqualTo(8);
    assertThat(embedded.retention()).isNegative();
    assertThat(cluster.partitions()).isEqualTo(32);
    assertThat(cluster.retention()).isEqualTo(Duration.ofHours(24));
  }

  @Test
  void printed_itCanBeReadBack() {
    MusaConfig config = MusaConfig.inside(Path.of("there"));

    MusaConfig read =
        ConfigReader.read("printed", ConfigPrinter.print(config), MusaConfig.defaults());

    assertThat(read).isEqualTo(config);
  }

  @Test
  void partitions_haveBounds() {
    assertThatThrownBy(() ->
            ConfigReader.read("musa.yaml", "topics:\n  partitions: 0\n", MusaConfig.defaults()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("musa.yaml:2")
        .hasMessageContaining("expected: 1 to 10000");
  }
}
