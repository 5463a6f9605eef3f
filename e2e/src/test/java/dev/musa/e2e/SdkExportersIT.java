package dev.musa.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the exporters of the OpenTelemetry Java SDK send arrives, each item once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SdkExportersIT extends OnEachKafka {
  private static final Duration ARRIVAL = Duration.ofSeconds(60);
  private static final int ITEMS = 100;

  private Installation musa;
  private MusaProcess process;
  private OutputFiles output;

  @BeforeParameterizedClassInvocation
  void start(Kafka kafka, @TempDir Path directory) {
    musa = kafka.install(directory);
    process = musa.run();
    output = new OutputFiles(musa.output());
  }

  @AfterParameterizedClassInvocation
  void stop() {
    assertThat(process.interrupt(Duration.ofSeconds(20))).isZero();
    process.close();
  }

  @ParameterizedTest
  @CsvSource({"grpc,none", "grpc,gzip", "http,none", "http,gzip"})
  void spans_arriveOnce(String protocol, String compression) {
    String name = "span-" + protocol + "-" + compression;
    SpanExporter exporter =
        protocol.equals("grpc")
            ? OtlpGrpcSpanExporter.builder()
                .setEndpoint(grpcEndpoint())
                .setCompression(compression)
                .build()
            : OtlpHttpSpanExporter.builder()
                .setEndpoint(httpEndpoint("traces"))
                .setCompression(compression)
                .build();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource())
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      for (int i = 0; i < ITEMS; i++) {
        provider.get("e2e").spanBuilder(name).startSpan().end();
      }
      assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    awaitCount(name, () -> spansNamed(name).size());
    assertThat(spansNamed(name).stream().map(Span::getSpanId).distinct()).hasSize(ITEMS);
  }

  @ParameterizedTest
  @CsvSource({"grpc,none", "grpc,gzip", "http,none", "http,gzip"})
  void logs_arriveOnce(String protocol, String compression) {
    String body = "log-" + protocol + "-" + compression;
    LogRecordExporter exporter =
        protocol.equals("grpc")
            ? OtlpGrpcLogRecordExporter.builder()
                .setEndpoint(grpcEndpoint())
                .setCompression(compression)
                .build()
            : OtlpHttpLogRecordExporter.builder()
                .setEndpoint(httpEndpoint("logs"))
                .setCompression(compression)
                .build();
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .setResource(resource())
            .addLogRecordProcessor(BatchLogRecordProcessor.builder(exporter).build())
            .build()) {
      for (int i = 0; i < ITEMS; i++) {
        provider
            .get("e2e")
            .logRecordBuilder()
            .setBody(body)
            .setSeverity(Severity.INFO)
            .setAttribute(AttributeKey.longKey("index"), (long) i)
            .emit();
      }
      assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    awaitCount(
        body,
        () ->
            (int)
                output.logRecords().stream()
                    .filter(log -> log.getBody().getStringValue().equals(body))
                    .count());
    assertThat(
            output.logRecords().stream()
                .filter(log -> log.getBody().getStringValue().equals(body))
                .map(log -> log.getAttributes(0).getValue().getIntValue())
                .distinct())
        .hasSize(ITEMS);
  }

  @ParameterizedTest
  @CsvSource({"grpc,none", "grpc,gzip", "http,none", "http,gzip"})
  void metrics_arriveWithTheirLabelsUnharmed(String protocol, String compression) {
    String name = "DCGM_FI_DEV_GPU_UTIL_" + protocol + "_" + compression;
    MetricExporter exporter =
        protocol.equals("grpc")
            ? OtlpGrpcMetricExporter.builder()
                .setEndpoint(grpcEndpoint())
                .setCompression(compression)
                .build()
            : OtlpHttpMetricExporter.builder()
                .setEndpoint(httpEndpoint("metrics"))
                .setCompression(compression)
                .build();
    AttributesBuilder labels = Attributes.builder();
    GpuSample.LABELS.forEach(labels::put);
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource())
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build()) {
      provider.get("e2e").gaugeBuilder(name).build().set(97, labels.build());
      assertThat(provider.forceFlush().join(20, TimeUnit.SECONDS).isSuccess()).isTrue();
      Await.until(name, ARRIVAL, () -> !metricsNamed(name).isEmpty(), output::metrics);
    }

    Metric metric = metricsNamed(name).getFirst();
    assertThat(metric.getGauge().getDataPoints(0).getAsDouble()).isEqualTo(97);
    Map<String, String> arrived = new TreeMap<>();
    for (KeyValue label : metric.getGauge().getDataPoints(0).getAttributesList()) {
      arrived.put(label.getKey(), label.getValue().getStringValue());
    }
    assertThat(arrived).isEqualTo(GpuSample.LABELS);
    assertThat(metric.getGauge().getDataPoints(0).getAttributesCount())
        .isEqualTo(GpuSample.LABELS.size());
  }

  @Test
  void counters_tellWhatCameInAndWentOut() throws InterruptedException {
    Random random = new Random();
    Span span = Traces.span(random, Traces.newTraceId(random), "counted", Duration.ZERO, false);
    byte[] request = Traces.request("e2e", List.of(span)).toByteArray();
    assertThat(Traces.post(musa.ports(), "traces", request)).isEqualTo(200);

    Await.until(
        "delivered", ARRIVAL, () -> musa.items(Signal.TRACES, "delivered") > 0, musa::metrics);
    assertThat(musa.metrics())
        .startsWith("200")
        .contains("musa_items_total{")
        .contains("outcome=\"accepted\"")
        .contains("outcome=\"delivered\"");
  }

  private static Resource resource() {
    return Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "e2e"));
  }

  private String grpcEndpoint() {
    return "http://127.0.0.1:" + musa.ports().grpc();
  }

  private String httpEndpoint(String signal) {
    return "http://127.0.0.1:" + musa.ports().http() + "/v1/" + signal;
  }

  private static void awaitCount(String what, java.util.function.IntSupplier count) {
    Await.until(what, ARRIVAL, () -> count.getAsInt() >= ITEMS, count::getAsInt);
    assertThat(count.getAsInt()).as(what).isEqualTo(ITEMS);
  }

  private List<Span> spansNamed(String name) {
    return output.spans().stream().filter(span -> span.getName().equals(name)).toList();
  }

  private List<Metric> metricsNamed(String name) {
    return output.metrics().stream().filter(metric -> metric.getName().equals(name)).toList();
  }
}
