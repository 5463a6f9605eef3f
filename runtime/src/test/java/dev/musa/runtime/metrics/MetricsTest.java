package dev.musa.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class MetricsTest {

  @Test
  void prometheus_hasTheFiguresOfJvmProcessorAndProcess() {
    PrometheusMeterRegistry registry = Metrics.prometheus();
    try {
      assertThat(registry.scrape())
          .contains(
              "jvm_memory_used_bytes{",
              "jvm_threads_live_threads ",
              "jvm_gc_live_data_size_bytes ",
              "jvm_info{",
              "jvm_classes_loaded_classes ",
              "system_cpu_count ",
              "process_files_open_files ",
              "process_uptime_seconds ");
    } finally {
      registry.close();
    }
    assertThat(registry.isClosed()).isTrue();
  }

  @Test
  void kafka_publishesTheMetricsOfAClient() {
    PrometheusMeterRegistry registry = Metrics.prometheus();
    MockProducer<byte[], byte[]> producer =
        new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    MetricName name =
        new MetricName("record-send-total", "producer-metrics", "", java.util.Map.of());
    producer.setMockMetrics(
        name,
        new KafkaMetric(
            new Object(), name, (Gauge<Double>) (_, _) -> 7.0, new MetricConfig(), Time.SYSTEM));

    try (KafkaClientMetrics _ = Metrics.kafka(registry, producer)) {
      assertThat(registry.scrape()).contains("kafka_producer_record_send_total");
    } finally {
      producer.close();
      registry.close();
    }
  }
}
