package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.kafka.ProducerSettings;
import dev.musa.benchmarks.load.LoadCounts;
import dev.musa.benchmarks.payload.Pool;
import dev.musa.benchmarks.payload.Stamp;
import dev.musa.benchmarks.payload.Template;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills Kafka with records of many tenants in turn, written past the collector, which takes the
 * tenant from its configuration.
 *
 * <p>A record goes to any partition, so this is for rules without sampling.
 */
public final class TenantBacklog implements Backlog {
  private final int tenants;
  private final int partitions;
  private final long items;
  private final long seed;
  private LoadCounts counts = new LoadCounts(Map.of(), Map.of(), 0, 0);

  /**
   * @param items about how many it writes
   */
  public TenantBacklog(int tenants, int partitions, long items, long seed) {
    this.items = items;
    this.tenants = tenants;
    this.partitions = partitions;
    this.seed = seed;
  }

  @Override
  public Duration fill(Subject subject, Conditions conditions) throws InterruptedException {
    String bootstrap = subject.bootstrapServers();
    if (bootstrap == null) {
      throw new IllegalStateException("a backlog needs a Kafka");
    }
    Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    long begin = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ProducerSettings.of(bootstrap), new ByteArraySerializer(), new ByteArraySerializer())) {
      Map<Signal, LoadCounts.Sent> sent = new EnumMap<>(Signal.class);
      long requests = 0;
      long bytes = 0;
      long written = 0;
      while (written < items) {
        Template template = send(producer, subject, conditions.pool(), requests++, failures);
        bytes += template.size();
        written += template.items();
        sent.merge(
            template.signal(),
            new LoadCounts.Sent(template.items(), template.items(), template.errors(), 0, 0),
            TenantBacklog::sum);
      }
      producer.flush();
      counts = new LoadCounts(sent, Map.of(), requests, bytes);
    }
    Exception first = failures.peek();
    if (first != null) {
      throw new IllegalStateException("Kafka did not take a record of the backlog", first);
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public LoadCounts counts() {
    return counts;
  }

  private Template send(
      KafkaProducer<byte[], byte[]> producer,
      Subject subject,
      Pool pool,
      long number,
      Queue<Exception> failures) {
    int size = pool.templates().size();
    Template template = pool.templates().get((int) (number % size));
    long nowMillis = System.currentTimeMillis();
    byte[] value = new byte[template.size()];
    template.writeTo(value, Stamp.ofCycle(seed, number / size, nowMillis * 1_000_000));
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(
            subject.topic(template.signal()), (int) (number % partitions), null, value);
    new RecordHeaders(
            "tenant-" + number % tenants, "bench", template.items(), nowMillis, null, null)
        .writeTo(sent.headers());
    var _ =
        producer.send(
            sent,
            (_, exception) -> {
              if (exception != null) {
                failures.add(exception);
              }
            });
    return template;
  }

  private static LoadCounts.Sent sum(LoadCounts.Sent a, LoadCounts.Sent b) {
    return new LoadCounts.Sent(
        a.sent() + b.sent(), a.acknowledged() + b.acknowledged(), a.errors() + b.errors(), 0, 0);
  }
}
