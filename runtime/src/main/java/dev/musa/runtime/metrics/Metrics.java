package dev.musa.runtime.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the metrics registry of a process and binds to it what others measure. */
public final class Metrics {

  private Metrics() {}

  /** A registry that already has the figures of the JVM, the processor and the process. */
  public static PrometheusMeterRegistry prometheus() {
    JvmGcMetrics garbageCollection = new JvmGcMetrics();
    PrometheusMeterRegistry registry =
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT) {
          @Override
          public void close() {
            garbageCollection.close();
            super.close();
          }
        };
    garbageCollection.bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmInfoMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    return registry;
  }

  /** Publishes the client's own metrics; close the result before the client. */
  public static KafkaClientMetrics kafka(MeterRegistry registry, Producer<?, ?> producer) {
    return bound(registry, new KafkaClientMetrics(producer));
  }

  /** Publishes the client's own metrics; close the result before the client. */
  public static KafkaClientMetrics kafka(MeterRegistry registry, Consumer<?, ?> consumer) {
    return bound(registry, new KafkaClientMetrics(consumer));
  }

  /** Publishes the client's own metrics; close the result before the client. */
  public static KafkaClientMetrics kafka(MeterRegistry registry, AdminClient admin) {
    return bound(registry, new KafkaClientMetrics(admin));
  }

  private static KafkaClientMetrics bound(MeterRegistry registry, KafkaClientMetrics metrics) {
    metrics.bindTo(registry);
    return metrics;
  }
}
