package dev.musa.sinks;

import dev.musa.sinks.flow.Events;
import dev.musa.sinks.flow.SinkStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** The meters of one sink beside {@code musa_items_total}, and what its loop last reported. */
final class SinkMeters implements Events, SinkLoop.Progress {
  private final Counter retries;
  private final Counter divisions;
  private volatile long oldestPendingUnixMilli = Long.MAX_VALUE;
  private volatile int inFlight;
  private volatile long heldBytes;
  private volatile int partitions;

  SinkMeters(MeterRegistry registry, String sink, SinkStatus status, InstantSource clock) {
    retries =
        Counter.builder("musa.sink.retries")
            .description("Requests that were sent once more")
            .tag("sink", sink)
            .register(registry);
    divisions =
        Counter.builder("musa.sink.divisions")
            .description("Requests divided for being too large or holding something refused")
            .tag("sink", sink)
            .register(registry);
    Gauge.builder("musa.sink.in.flight", this, m -> m.inFlight)
        .description("Batches under way")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
    Gauge.builder("musa.sink.held", this, m -> m.heldBytes)
        .description("Bytes read and not finished")
        .baseUnit("bytes")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
    Gauge.builder("musa.sink.partitions", this, m -> m.partitions)
        .description("Partitions that this instance delivers")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
    Gauge.builder("musa.sink.oldest.pending", this, m -> m.oldestPendingSeconds(clock))
        .description("Age of the oldest record that is read and not finished")
        .baseUnit("seconds")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
    Gauge.builder("musa.sink.stopped", status, s -> s.stopped() == null ? 0 : 1)
        .description("1 while the backend refuses every request for its configuration's sake")
        .tag("sink", sink)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void retried() {
    retries.increment();
  }

  @Override
  public void divided() {
    divisions.increment();
  }

  @Override
  public void update(long oldestUnixMilli, int batches, long bytes) {
    oldestPendingUnixMilli = oldestUnixMilli;
    inFlight = batches;
    heldBytes = bytes;
  }

  @Override
  public void assigned(int owned) {
    partitions = owned;
  }

  long oldestPendingUnixMilli() {
    return oldestPendingUnixMilli;
  }

  private double oldestPendingSeconds(InstantSource clock) {
    long oldest = oldestPendingUnixMilli;
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
  }
}
