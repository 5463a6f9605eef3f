package dev.musa.collector;

import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what comes in. Of items: {@code received = accepted + refused}, where accepted is what
 * Kafka has acknowledged and refused what the client was told about. A request that was refused
 * before its body was read or that is malformed has no items; it appears in {@code
 * musa_collector_requests_total} alone.
 */
final class IntakeMetrics {
  private record RequestKey(Protocol protocol, Signal signal, String reason) {}

  /** Buckets that are fixed and few: a series each, per signal and process. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(200),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final MeterRegistry registry;
  private final FlowCounters items;
  private final String tenant;
  private final Map<RequestKey, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Signal, Timer> acknowledgements = new EnumMap<>(Signal.class);

  IntakeMetrics(MeterRegistry registry, String tenant, ByteBudget budget) {
    this.registry = registry;
    this.items = new FlowCounters(registry, "collector");
    this.tenant = tenant;
    Gauge.builder("musa.collector.in.flight", budget, ByteBudget::used)
        .baseUnit("bytes")
        .description("Bytes of requests between their arrival and Kafka's acknowledgement")
        .register(registry);
    Gauge.builder("musa.collector.in.flight.limit", budget, ByteBudget::limit)
        .baseUnit("bytes")
        .description("Bytes in flight beyond which requests are refused")
        .register(registry);
    for (Signal signal : Signal.values()) {
      acknowledgements.put(
          signal,
          Timer.builder("musa.collector.acknowledgement")
              .description(
                  "Time from a request's last byte to Kafka's acknowledgement of all of it")
              .tag("signal", signal.label())
              .serviceLevelObjectives(BUCKETS)
              .register(registry));
    }
  }

  /** A request is read; {@link #acknowledged} ends what begins here. */
  Timer.Sample read() {
    return Timer.start(registry);
  }

  /** Kafka has all of a request; one that failed on the way has no such time. */
  void acknowledged(Signal signal, Timer.Sample since) {
    since.stop(Objects.requireNonNull(acknowledgements.get(signal)));
  }

  void accepted(Signal signal, long number, long bytes) {
    items.count(tenant, signal.label(), "accepted", "", number, bytes);
  }

  void refused(Signal signal, String reason, long number, long bytes) {
    items.count(tenant, signal.label(), "refused", reason, number, bytes);
  }

  /** Counts a request that got its answer; {@code outcome} has an empty reason if it is success. */
  void answered(Protocol protocol, Signal signal, Outcome outcome) {
    requests
        .computeIfAbsent(
            new RequestKey(protocol, signal, outcome.reasonLabel()), this::requestCounter)
        .increment();
  }

  private Counter requestCounter(RequestKey key) {
    return Counter.builder("musa.collector.requests")
        .description("OTLP requests answered")
        .tag("protocol", key.protocol().label())
        .tag("signal", key.signal().label())
        .tag("outcome", key.reason().isEmpty() ? "accepted" : "refused")
        .tag("reason", key.reason())
        .register(registry);
  }
}
