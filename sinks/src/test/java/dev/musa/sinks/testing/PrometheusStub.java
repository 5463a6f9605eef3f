package dev.musa.sinks.testing;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;

/**
 * Answers as Prometheus 3.14 does on {@code /api/v1/otlp/v1/metrics}: a request is stored whole or
 * not at all.
 */
public final class PrometheusStub extends HttpStub {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, List<Sample>> samplesBySeries = new LinkedHashMap<>();
  private volatile Duration outOfOrderWindow = Duration.ofMinutes(30);
  private volatile boolean receiverOff;

  /** One stored sample. */
  public record Sample(long timeMilli, double value) {}

  public PrometheusStub(SSLContext mutualTls) {
    super("/api/v1/otlp/v1/metrics", mutualTls);
  }

  /** Sets {@code out_of_order_time_window}. */
  public void setOutOfOrderWindow(Duration window) {
    outOfOrderWindow = window;
  }

  /** Leaves {@code --web.enable-otlp-receiver} out. */
  public void setReceiverOff(boolean off) {
    receiverOff = off;
  }

  /** The samples of each series, by its attribute {@code id}, in the order they were stored in. */
  public Map<String, List<Sample>> samples() {
    lock.lock();
    try {
      Map<String, List<Sample>> copy = new LinkedHashMap<>();
      samplesBySeries.forEach((series, samples) -> copy.put(series, List.copyOf(samples)));
      return copy;
    } finally {
      lock.unlock();
    }
  }

  @Override
  protected Response accept(Request request) {
    if (receiverOff) {
      return Response.text(
          404, "otlp write receiver needs to be enabled with --web.enable-otlp-receiver");
    }
    if (!isProtobuf(request)) {
      return Response.text(400, "unsupported content type: " + request.header("content-type"));
    }
    try {
      return store(MetricsData.parseFrom(request.body()));
    } catch (InvalidProtocolBufferException e) {
      return Response.text(400, e.getMessage());
    }
  }

  private Response store(MetricsData data) {
    lock.lock();
    try {
      Map<String, List<Sample>> staged = new LinkedHashMap<>();
      for (var resource : data.getResourceMetricsList()) {
        for (var scope : resource.getScopeMetricsList()) {
          for (var metric : scope.getMetricsList()) {
            var refusal = stage(metric, staged);
            if (refusal != null) {
              return refusal;
            }
          }
        }
      }
      staged.forEach((series, samples) ->
          samplesBySeries.computeIfAbsent(series, _ -> new ArrayList<>()).addAll(samples));
      return Response.empty(200);
    } finally {
      lock.unlock();
    }
  }

  private Response stage(Metric metric, Map<String, List<Sample>> staged) {
    if (metric.getName().isEmpty()) {
      return Response.text(500, "normalization for metric \"\" resulted in empty name");
    }
    if (metric.hasSum()
        && metric.getSum().getAggregationTemporality()
            != AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE) {
      return Response.text(
          500, "invalid temporality and type combination for metric \"" + metric.getName() + "\"");
    }
    var points =
        metric.hasSum()
            ? metric.getSum().getDataPointsList()
            : metric.getGauge().getDataPointsList();
    if (points.isEmpty()) {
      return Response.text(500, "empty data points. " + metric.getName() + " is dropped");
    }
    for (var point : points) {
      var refusal = stage(point, staged);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private Response stage(NumberDataPoint point, Map<String, List<Sample>> staged) {
    var series = point.getAttributes(0).getValue().getStringValue();
    long time = TimeUnit.NANOSECONDS.toMillis(point.getTimeUnixNano());
    var sample = new Sample(time, point.getAsDouble());
    if (time > Telemetry.NOW_MILLI + TimeUnit.MINUTES.toMillis(10)) {
      return Response.text(400, "out of bounds: the sample is too far in the future");
    }
    var stored = samplesBySeries.getOrDefault(series, List.of());
    if (!stored.isEmpty()) {
      long newest = stored.stream().mapToLong(Sample::timeMilli).max().orElseThrow();
      for (var each : stored) {
        if (each.timeMilli() == time) {
          // Only the newest sample may be repeated, with the same value, or any within the window.
          boolean repeat = each.equals(sample) && (time == newest || !outOfOrderWindow.isZero());
          return repeat
              ? null
              : Response.text(
                  400,
                  each.equals(sample) ? "out of order sample" : "duplicate sample for timestamp");
        }
      }
      if (time < newest - outOfOrderWindow.toMillis()) {
        return Response.text(
            400, outOfOrderWindow.isZero() ? "out of order sample" : "too old sample");
      }
    }
    staged.computeIfAbsent(series, _ -> new ArrayList<>()).add(sample);
    return null;
  }
}
