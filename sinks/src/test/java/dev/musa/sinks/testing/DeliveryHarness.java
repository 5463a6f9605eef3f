package dev.musa.sinks.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.musa.schemas.Signal;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.flow.Covered;
import dev.musa.sinks.flow.DeadLetters;
import dev.musa.sinks.flow.Delivery;
import dev.musa.sinks.flow.Events;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Limits;
import dev.musa.sinks.flow.RequestSize;
import dev.musa.sinks.flow.SinkStatus;
import dev.musa.sinks.flow.Tally;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Delivers records to a backend as a sink does, as one batch and without waiting. */
public final class DeliveryHarness {
  /** Attempts after which a delivery is taken to go on for ever. */
  private static final int PATIENCE = 500;

  private final Signal signal;
  private final TopicPartition partition;
  private final CopyOnWriteArrayList<Duration> pauses = new CopyOnWriteArrayList<>();
  private final AtomicInteger divisions = new AtomicInteger();
  private final RequestSize size;
  private final SinkStatus status;
  private final Delivery delivery;
  private final Backend backend;
  private final List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
  private long offset;
  private long assignedAtMilli;

  public DeliveryHarness(Signal signal, Backend backend) {
    this(signal, backend, 16 << 20);
  }

  public DeliveryHarness(Signal signal, Backend backend, int requestBytes) {
    this.signal = signal;
    this.partition = new TopicPartition("musa." + signal.label(), 0);
    this.size = new RequestSize(requestBytes);
    InstantSource clock = InstantSource.fixed(Instant.ofEpochMilli(Telemetry.NOW_MILLI));
    this.status = new SinkStatus("test", clock, _ -> Duration.ofSeconds(5), this::pause);
    var deadLetters = new DeadLetters("musa.deadletter", "test");
    var events =
        new Events() {
          @Override
          public void retried() {}

          @Override
          public void divided() {
            divisions.incrementAndGet();
          }
        };
    this.backend = backend;
    this.delivery =
        new Delivery(
            backend,
            deadLetters,
            status,
            size,
            attempt -> Duration.ofMillis(attempt + 1L),
            this::pause,
            events);
  }

  /** What has been there before the partition was assigned may have been sent before. */
  public DeliveryHarness afterARestart() {
    assignedAtMilli = Telemetry.NOW_MILLI + 1;
    return this;
  }

  public Tally deliver(String tenant, List<List<String>> records) throws InterruptedException {
    var batch = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    for (var ids : records) {
      batch.add(Telemetry.record(signal, 0, offset++, tenant, ids));
    }
    return deliver(batch);
  }

  public Tally deliver(List<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
    var limits = new Limits(Integer.MAX_VALUE, Duration.ZERO, 1, 1, Long.MAX_VALUE, Long.MAX_VALUE);
    var flow = new Flow(limits, () -> Integer.MAX_VALUE, backend::orgId);
    flow.assign(partition, signal, 0, assignedAtMilli);
    for (var record : records) {
      flow.add(record, 0);
    }
    var batch = flow.next(0);
    var tally = delivery.run(batch);
    flow.finished(batch);
    var covered = flow.covered(partition);
    checkReceipts(covered, tally);
    covered.receipts().forEach(receipt -> letters.addAll(receipt.letters()));
    return tally;
  }

  /** The ledger says of the batch what the counters say, but for what has no headers. */
  private static void checkReceipts(Covered covered, Tally tally) {
    Map<String, Long> ledger = new TreeMap<>();
    for (var line : covered.entry("test").outcomes()) {
      ledger.merge(line.outcome() + " " + line.reason(), line.items(), Long::sum);
    }
    Map<String, Long> counters = new TreeMap<>();
    for (var line : tally.lines()) {
      long items = line.reason().equals("bad_headers") ? 0 : line.items();
      counters.merge(line.outcome() + " " + line.reason(), items, Long::sum);
    }
    assertThat(ledger).isEqualTo(counters);
  }

  /** The ids of what was dead-lettered. */
  public List<String> deadLetters() {
    var ids = new ArrayList<String>();
    for (var letter : letters) {
      ids.addAll(Telemetry.ids(signal, letter.value()));
    }
    return ids;
  }

  public List<ProducerRecord<byte[], byte[]>> letters() {
    return letters;
  }

  /** The waits between attempts. */
  public List<Duration> pauses() {
    return pauses;
  }

  public int divisions() {
    return divisions.get();
  }

  public RequestSize size() {
    return size;
  }

  public SinkStatus status() {
    return status;
  }

  private void pause(Duration duration) {
    pauses.add(duration);
    if (pauses.size() > PATIENCE) {
      throw new AssertionError("still trying after " + PATIENCE + " pauses: " + status.retrying());
    }
  }
}
