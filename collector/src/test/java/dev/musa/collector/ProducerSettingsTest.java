package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.runtime.kafka.KafkaConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class ProducerSettingsTest {
  private static ProducerConfig settings(Map<String, String> properties) {
    KafkaConfig kafka = new KafkaConfig(List.of("127.0.0.1:9092"), properties);
    return new ProducerConfig(
        ProducerSettings.of(
            CollectorConfig.defaults(), kafka.producerProperties("musa-collector")));
  }

  @Test
  void acknowledgementMeansAllReplicas_andNothingBlocks() {
    ProducerConfig settings =
        settings(Map.of("max.block.ms", "60000", "delivery.timeout.ms", "1000000"));

    assertThat(settings.getString("acks")).isIn("all", "-1");
    assertThat(settings.getBoolean("enable.idempotence")).isTrue();
    assertThat(settings.getLong("max.block.ms")).isZero();
    assertThat(settings.getInt("delivery.timeout.ms")).isEqualTo(30_000);
    assertThat(settings.getInt("request.timeout.ms")).isEqualTo(10_000);
  }

  @Test
  void bufferHoldsMoreThanTheBudget_andARequestMoreThanARecord() {
    ProducerConfig settings = settings(Map.of());
    CollectorConfig defaults = CollectorConfig.defaults();

    assertThat(settings.getLong("buffer.memory")).isGreaterThan(defaults.inFlightBytes().bytes());
    assertThat((long) settings.getInt("max.request.size"))
        .isGreaterThan(defaults.maxRecordBytes().bytes());
    assertThat(settings.getString("compression.type")).isEqualTo("lz4");
    assertThat(settings.getInt("batch.size")).isEqualTo(131_072);
    assertThat(settings.getLong("linger.ms")).isEqualTo(5);
  }

  @Test
  void gatheringAndTheProducer_shareTheLinger() {
    long producer = settings(Map.of()).getLong("linger.ms");
    Duration linger = CollectorConfig.defaults().linger();

    assertThat(ProducerSettings.beforeLinger(linger).toMillis() + producer)
        .isEqualTo(linger.toMillis());
    assertThat(ProducerSettings.beforeLinger(Duration.ZERO)).isZero();
  }

  @Test
  void tuning_isTheUsers() {
    ProducerConfig settings =
        settings(Map.of("compression.type", "zstd", "linger.ms", "20", "batch.size", "1000"));

    assertThat(settings.getString("compression.type")).isEqualTo("zstd");
    assertThat(settings.getLong("linger.ms")).isEqualTo(20);
    assertThat(settings.getInt("batch.size")).isEqualTo(1000);
  }
}
