package dev.musa.benchmarks.payload;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.util.ArrayList;
import java.util.List;

/** Makes requests with data points, each of one pod; every other metric is a sum. */
final class MetricRequests {
  private final MetricShape shape;
  private final Words words;
  private final Resources resources;

  MetricRequests(MetricShape shape, Words words) {
    this.shape = shape;
    this.words = words;
    this.resources = new Resources(words, 4, (shape.pods() + 3) / 4, shape.resourceAttributes());
  }

  List<byte[]> make(int count) {
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request());
    }
    return requests;
  }

  private byte[] request() {
    ScopeMetrics.Builder metrics = ScopeMetrics.newBuilder().setScope(Resources.SCOPE);
    int number = 0;
    for (int left = shape.pointsPerRequest(); left > 0; left -= shape.pointsPerMetric()) {
      metrics.addMetrics(metric(number++, Math.min(left, shape.pointsPerMetric())));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder().setResource(resources.any()).addScopeMetrics(metrics))
        .build()
        .toByteArray();
  }

  private Metric metric(int number, int points) {
    List<NumberDataPoint> data = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      data.add(point());
    }
    Metric.Builder metric =
        Metric.newBuilder().setName("app." + words.word() + ".metric_" + number).setUnit("By");
    return number % 2 == 0
        ? metric.setGauge(Gauge.newBuilder().addAllDataPoints(data)).build()
        : metric
            .setSum(
                Sum.newBuilder()
                    .addAllDataPoints(data)
                    .setIsMonotonic(true)
                    .setAggregationTemporality(
                        AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE))
            .build();
  }

  private NumberDataPoint point() {
    NumberDataPoint.Builder point =
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(1)
            .setTimeUnixNano(1)
            .setAsDouble(words.random().nextDouble() * 1e6);
    for (int i = 0; i < shape.pointAttributes(); i++) {
      point.addAttributes(words.attribute(i));
    }
    return point.build();
  }
}
