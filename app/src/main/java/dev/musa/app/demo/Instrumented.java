package dev.musa.app.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
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
import java.time.Duration;
import java.util.List;

/** One pod with an OpenTelemetry SDK of its own, as its process would have. */
final class Instrumented {
  /** The SDK drops what its queue cannot take; the generator keeps all pods together below this. */
  static final int QUEUE = 32_768;

  private static final String SCOPE = "dev.musa.demo";
  private static final Duration DELAY = Duration.ofMillis(500);
  private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
  private static final AttributeKey<Boolean> ERROR = AttributeKey.booleanKey("error");

  private final SdkTracerProvider tracers;
  private final SdkLoggerProvider loggers;
  private final SdkMeterProvider meters;
  private final Tracer tracer;
  private final Logger logger;
  private final LongCounter requests;
  private final DoubleHistogram durations;

  Instrumented(Pod pod, SpanExporter spans, LogRecordExporter logRecords, MetricExporter metrics) {
    Resource resource = pod.resource();
    tracers =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(
                BatchSpanProcessor.builder(spans)
                    .setMaxQueueSize(QUEUE)
                    .setScheduleDelay(DELAY)
                    .build())
            .build();
    loggers =
        SdkLoggerProvider.builder()
            .setResource(resource)
            .addLogRecordProcessor(
                BatchLogRecordProcessor.builder(logRecords)
                    .setMaxQueueSize(QUEUE)
                    .setScheduleDelay(DELAY)
                    .build())
            .build();
    meters =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerMetricReader(
                PeriodicMetricReader.builder(metrics).setInterval(Duration.ofSeconds(5)).build())
            .build();
    tracer = tracers.get(SCOPE);
    logger = loggers.get(SCOPE);
    Meter meter = meters.get(SCOPE);
    requests = meter.counterBuilder("http.server.requests").build();
    durations = meter.histogramBuilder("http.server.request.duration").setUnit("s").build();
    if (pod.service().language.equals("go")) {
      GoRuntime.observe(meter);
    }
    if (pod.service() == Service.PREDICTION) {
      Gpu.observe(meter);
    }
  }

  Tracer tracer() {
    return tracer;
  }

  Logger logger() {
    return logger;
  }

  void served(String route, boolean failed, double seconds) {
    Attributes attributes = Attributes.of(ROUTE, route, ERROR, failed);
    requests.add(1, attributes);
    durations.record(seconds, attributes);
  }

  /** Completes once everything recorded so far is answered by the endpoint. */
  CompletableResultCode flush() {
    return CompletableResultCode.ofAll(
        List.of(tracers.forceFlush(), loggers.forceFlush(), meters.forceFlush()));
  }

  /** Flushes once more (the metrics are collected a last time) and ends the SDK's threads. */
  CompletableResultCode shutdown() {
    return CompletableResultCode.ofAll(
        List.of(tracers.shutdown(), loggers.shutdown(), meters.shutdown()));
  }
}
