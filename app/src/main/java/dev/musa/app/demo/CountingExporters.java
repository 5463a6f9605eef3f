package dev.musa.app.demo;

import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.MemoryMode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;

/** Exporters that tell {@link Sent} what the endpoint answered to each request of the real ones. */
final class CountingExporters {
  private CountingExporters() {}

  static SpanExporter counting(SpanExporter exporter, Sent sent) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        List<String> traceIds = spans.stream().map(SpanData::getTraceId).toList();
        return answered(
            exporter.export(spans),
            () -> sent.spansAcknowledged(traceIds),
            reason -> sent.spansRefused(traceIds, reason));
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }
    };
  }

  static LogRecordExporter counting(LogRecordExporter exporter, Sent sent) {
    return new LogRecordExporter() {
      @Override
      public CompletableResultCode export(Collection<LogRecordData> records) {
        List<Severity> severities = records.stream().map(LogRecordData::getSeverity).toList();
        return answered(
            exporter.export(records),
            () -> sent.logRecordsAcknowledged(severities),
            reason -> sent.logRecordsRefused(severities.size(), reason));
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }
    };
  }

  static MetricExporter counting(MetricExporter exporter, Sent sent) {
    return new MetricExporter() {
      @Override
      public CompletableResultCode export(Collection<MetricData> metrics) {
        int points = metrics.stream().mapToInt(metric -> metric.getData().getPoints().size()).sum();
        return answered(
            exporter.export(metrics),
            () -> sent.pointsAcknowledged(points),
            reason -> sent.pointsRefused(points, reason));
      }

      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return exporter.getAggregationTemporality(type);
      }

      @Override
      public Aggregation getDefaultAggregation(InstrumentType type) {
        return exporter.getDefaultAggregation(type);
      }

      @Override
      public MemoryMode getMemoryMode() {
        return exporter.getMemoryMode();
      }

      @Override
      public CompletableResultCode flush() {
        return exporter.flush();
      }

      @Override
      public CompletableResultCode shutdown() {
        return exporter.shutdown();
      }
    };
  }

  private interface Refusal {
    void because(String reason);
  }

  private static CompletableResultCode answered(
      CompletableResultCode result, Runnable acknowledged, Refusal refused) {
    return result.whenComplete(() -> {
      if (result.isSuccess()) {
        acknowledged.run();
      } else {
        Throwable failure = result.getFailureThrowable();
        refused.because(failure == null ? "no reason given" : String.valueOf(failure.getMessage()));
      }
    });
  }
}
