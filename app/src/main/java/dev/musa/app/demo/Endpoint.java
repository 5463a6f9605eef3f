package dev.musa.app.demo;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** Where the demo sends to, and the SDK's exporters for it. */
interface Endpoint {
  SpanExporter spans();

  LogRecordExporter logRecords();

  MetricExporter metrics();

  /** How the progress line and the summary call it. */
  String label();

  /** OTLP over gRPC. */
  record Grpc(String url, String compression) implements Endpoint {
    @Override
    public SpanExporter spans() {
      return OtlpGrpcSpanExporter.builder().setEndpoint(url).setCompression(compression).build();
    }

    @Override
    public LogRecordExporter logRecords() {
      return OtlpGrpcLogRecordExporter.builder()
          .setEndpoint(url)
          .setCompression(compression)
          .build();
    }

    @Override
    public MetricExporter metrics() {
      return OtlpGrpcMetricExporter.builder().setEndpoint(url).setCompression(compression).build();
    }

    @Override
    public String label() {
      return url + " (OTLP gRPC)";
    }
  }

  /** OTLP over HTTP, protobuf; the URL is the part before {@code /v1/traces}. */
  record Http(String url, String compression) implements Endpoint {
    @Override
    public SpanExporter spans() {
      return OtlpHttpSpanExporter.builder()
          .setEndpoint(url + "/v1/traces")
          .setCompression(compression)
          .build();
    }

    @Override
    public LogRecordExporter logRecords() {
      return OtlpHttpLogRecordExporter.builder()
          .setEndpoint(url + "/v1/logs")
          .setCompression(compression)
          .build();
    }

    @Override
    public MetricExporter metrics() {
      return OtlpHttpMetricExporter.builder()
          .setEndpoint(url + "/v1/metrics")
          .setCompression(compression)
          .build();
    }

    @Override
    public String label() {
      return url + " (OTLP HTTP)";
    }
  }
}
