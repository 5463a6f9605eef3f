package dev.musa.app.demo;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What every Go process tells about its garbage collector, and nobody reads. */
final class GoRuntime {
  private static final AttributeKey<String> QUANTILE = AttributeKey.stringKey("quantile");

  private GoRuntime() {}

  static void observe(Meter meter) {
    meter
        .gaugeBuilder("go_gc_duration_seconds")
        .setUnit("s")
        .buildWithCallback(value -> {
          for (String quantile : List.of("0", "0.25", "0.5", "0.75", "1")) {
            value.record(
                ThreadLocalRandom.current().nextDouble(0.00002, 0.002),
                Attributes.of(QUANTILE, quantile));
          }
        });
    meter
        .gaugeBuilder("go_gc_gomemlimit_bytes")
        .setUnit("By")
        .ofLongs()
        .buildWithCallback(value -> value.record(512L << 20));
  }
}
