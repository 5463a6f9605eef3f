package dev.musa.processors.traces;

import dev.musa.processors.sampling.Randomness;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.wire.Partitions;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes raw traces: each has its error, if any, in its first slice, more spans a little later, and
 * some have a span that comes after the decision.
 */
final class TraceTraffic implements AutoCloseable {
  record TraceId(long high, long low) {}

  /** All spans sent, by trace; a span's name is its number. */
  final Map<TraceId, List<String>> sent = new HashMap<>();

  final Map<TraceId, Boolean> withError = new HashMap<>();
  int malformed;
  int spans;

  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;
  private final int partitions;
  private final SplittableRandom random = new SplittableRandom(42);
  private final List<List<TraceId>> later = new ArrayList<>();
  private final List<Future<RecordMetadata>> pending = new ArrayList<>();
  private long traces;

  TraceTraffic(String bootstrap, Topics topics, int partitions) {
    this.topics = topics;
    this.partitions = partitions;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** New traces, and more of those of the last rounds; they are on the topic when it returns. */
  void round(int newTraces) {
    List<ScopeSpans.Builder> records = new ArrayList<>();
    for (int i = 0; i < partitions; i++) {
      records.add(ScopeSpans.newBuilder());
    }
    List<TraceId> fresh = new ArrayList<>();
    for (int i = 0; i < newTraces; i++) {
      TraceId id = new TraceId(random.nextLong(), random.nextLong());
      traces++;
      boolean error = random.nextInt(10) == 0;
      withError.put(id, error);
      fresh.add(id);
      add(records, id, error);
      add(records, id, false);
    }
    later.add(fresh);
    int now = later.size() - 1;
    again(records, now - 1, 1);
    again(records, now - 2, 3);
    again(records, now - 40, 20);
    for (int partition = 0; partition < partitions; partition++) {
      if (records.get(partition).getSpansCount() > 0) {
        send(
            partition,
            Spans.record(records.get(partition)),
            records.get(partition).getSpansCount());
      }
    }
    if (random.nextInt(10) == 0) {
      malformed++;
      send(random.nextInt(partitions), new byte[] {10, 5, 1}, 1);
    }
    producer.flush();
  }

  long traces() {
    return traces;
  }

  /** Whether the trace is to be kept by "errors, or this share". */
  boolean isKept(TraceId id, double probability) {
    return withError.get(id)
        || (id.low() & 0xff_ffff_ffff_ffffL) >= Randomness.ofProbability(probability).threshold();
  }

  /** Fails if a record was not acknowledged. */
  @Override
  public void close() {
    producer.close();
    pending.forEach(Future::resultNow);
  }

  private void again(List<ScopeSpans.Builder> records, int round, int oneIn) {
    if (round >= 0) {
      for (TraceId id : later.get(round)) {
        if (random.nextInt(oneIn) == 0) {
          add(records, id, false);
        }
      }
    }
  }

  private void add(List<ScopeSpans.Builder> records, TraceId id, boolean error) {
    String name = Integer.toString(spans++);
    Span.Builder span =
        error ? Spans.error(id.high, id.low, name) : Spans.span(id.high, id.low, name);
    records.get(Partitions.ofTrace(id.high, id.low, partitions)).addSpans(span);
    sent.computeIfAbsent(id, _ -> new ArrayList<>()).add(name);
  }

  private void send(int partition, byte[] value, int items) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topics.raw(Signal.TRACES), partition, null, value);
    new RecordHeaders("acme", "east", items, 1, null, null).writeTo(record.headers());
    pending.add(producer.send(record));
  }
}
