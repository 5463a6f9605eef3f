package dev.musa.collector;

import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.schemas.Signal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts what comes in. Of items: {@code received = accepted + refused}, where accepted is what
 * Kafka has acknowledged and refused what the client was told about. A request that was refused
 * before its body was read or that is malformed has no items; it appears in {@code
 * musa_collector_requests_total} alone.
 */
final class IntakeMetrics {
  private record RequestKey(Protocol protocol, Signal signal, String reason) {}

  private final MeterRegistry registry;
  private final FlowCounters items;
  private final String tenant;
  private final Map<RequestKey, Counter> requests = new ConcurrentHashMap<>();

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
