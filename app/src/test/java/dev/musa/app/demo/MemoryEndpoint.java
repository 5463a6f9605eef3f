package dev.musa.app.demo;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An endpoint that keeps what it acknowledges, and refuses the requests it is told to. */
final class MemoryEndpoint implements Endpoint {
  final List<SpanData> spans = new CopyOnWriteArrayList<>();
  final List<LogRecordData> logRecords = new CopyOnWriteArrayList<>();
  final List<MetricData> metrics = new CopyOnWriteArrayList<>();
  volatile Predicate<Collection<?>> refuse = _ -> false;

  private <T> CompletableResultCode answer(Collection<T> items, List<T> kept) {
    if (refuse.test(items)) {
      return CompletableResultCode.ofExceptionalFailure(new IOException("disk full"));
    }
    kept.addAll(items);
    return CompletableResultCode.ofSuccess();
  }

  @Override
  public SpanExporter spans() {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> items) {
        return answer(items, spans);
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  @Override
  public LogRecordExporter logRecords() {
    return new LogRecordExporter() {
      @Override
      public CompletableResultCode export(Collection<LogRecordData> items) {
        return answer(items, logRecords);
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  @Override
  public MetricExporter metrics() {
    return new MetricExporter() {
      @Override
      public CompletableResultCode export(Collection<MetricData> items) {
        return answer(items, metrics);
      }

      @Override
      public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }

  @Override
  public String label() {
    return "memory";
  }
}
