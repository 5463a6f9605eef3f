package dev.musa.collector;

import dev.musa.collector.SplitRequest.Part;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends records by one producer, and knows whether Kafka can take more. Never blocks: what the
 * producer cannot take at once is a failure of that record.
 */
final class KafkaPublisher implements AutoCloseable {
  /** After that long without any acknowledgement, while some are due, nothing more is sent. */
  static final Duration STALLED_AFTER = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(KafkaPublisher.class);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final Map<Signal, String> rawTopics = new EnumMap<>(Signal.class);
  private final Gatherer gatherer;
  private final IntakeMetrics metrics;
  private final LongSupplier nanoClock;
  private final RateLimitedLog problems;

  private volatile @Nullable Producer<byte[], byte[]> producer;
  private volatile boolean replaceProducer;
  private volatile boolean closed;

  /** Partitions of the raw topics, as Kafka has told. */
  private final Map<Signal, Integer> partitions = new ConcurrentHashMap<>();

  private final CountDownLatch reached = new CountDownLatch(Signal.values().length);

  private final AtomicInteger pending = new AtomicInteger();
  private volatile long lastProgressNanos;

  /**
   * @param linger how long parts of requests wait for others to share a record with, the producer's
   *     own linger included
   */
  KafkaPublisher(
      Supplier<Producer<byte[], byte[]>> producers,
      Topics topics,
      Duration linger,
      int maxRecordBytes,
      IntakeMetrics metrics,
      LongSupplier nanoClock) {
    this.producers = producers;
    for (Signal signal : Signal.values()) {
      rawTopics.put(signal, topics.raw(signal));
    }
    this.gatherer = new Gatherer(ProducerSettings.beforeLinger(linger), maxRecordBytes, this::send);
    this.metrics = metrics;
    this.nanoClock = nanoClock;
    this.problems = new RateLimitedLog(log, nanoClock);
  }

  void start() {
    try {
      producer = producers.get();
      gatherer.start();
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          "collector: no Kafka producer can be made: "
              + cause.getMessage()
              + "; check bootstrapServers and properties under kafka",
          e);
    }
  }

  /** Whether Kafka has told the partitions of all topics within {@code wait}. */
  boolean awaitReached(Duration wait) throws InterruptedException {
    return reached.await(wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private String topic(Signal signal) {
    return Objects.requireNonNull(rawTopics.get(signal));
  }

  /** Number of partitions of the signal's raw topic, 0 if it is not known yet. */
  int partitions(Signal signal) {
    return partitions.getOrDefault(signal, 0);
  }

  /** Why a request of this signal would be refused now, or null. */
  Outcome.@Nullable Retryable unavailable(Signal signal) {
    String reason = hindrance(signal);
    return reason == null
        ? null
        : new Outcome.Retryable(Reason.KAFKA_UNAVAILABLE, reason + "; send again later");
  }

  /** Why a request of some signal would be refused now, or null. */
  @Nullable String hindrance() {
    for (Signal signal : Signal.values()) {
      String reason = hindrance(signal);
      if (reason != null) {
        return reason;
      }
    }
    return null;
  }

  private @Nullable String hindrance(Signal signal) {
    if (partitions(signal) == 0) {
      return "Kafka has not been reached yet, or topic " + topic(signal) + " does not exist";
    }
    long waited = nanoClock.getAsLong() - lastProgressNanos;
    if (pending.get() > 0 && waited > STALLED_AFTER.toNanos()) {
      return "Kafka has acknowledged nothing for " + TimeUnit.NANOSECONDS.toSeconds(waited) + " s";
    }
    return null;
  }

  /**
   * Sends all parts and tells {@code done} once Kafka has answered for each; with null if it has
   * taken all but those that were added to the rejections.
   */
  void publish(Signal signal, SplitRequest request, RecordHeaders headers, Done done) {
    String topic = topic(signal);
    Publication publication = new Publication(new Watch(signal, topic, request.rejections(), done));
    if (pending.get() == 0) {
      lastProgressNanos = nanoClock.getAsLong();
    }
    pending.incrementAndGet();
    for (Part part : request.parts()) {
      gatherer.add(signal, part, headers, publication.sending(part));
    }
    publication.allSent();
  }

  /** Hears of the end of a publication. */
  interface Done {
    void done(Outcome.@Nullable Retryable failure);
  }

  private void send(
      Signal signal, int partition, byte[] value, RecordHeaders headers, Callback callback) {
    Producer<byte[], byte[]> current = producer;
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(topic(signal), partition, null, value);
    headers.writeTo(sent.headers());
    if (current == null) {
      callback.onCompletion(null, new KafkaException("the producer is not started"));
      return;
    }
    try {
      var _ = current.send(sent, callback);
    } catch (RuntimeException e) {
      // What is only this record's failure comes by the callback; this producer is closed or
      // has failed for good.
      replaceProducer |= !(e instanceof InterruptException);
      callback.onCompletion(null, e);
    } catch (Error e) {
      // Counted as this record's failure, or its request would wait for an answer for ever.
      replaceProducer = true;
      callback.onCompletion(null, new KafkaException("the producer failed: " + e, e));
    }
  }

  /** To be called about every second: learns the partitions, replaces a producer that has ended. */
  void refresh() {
    if (closed) {
      return;
    }
    Producer<byte[], byte[]> current = producer;
    if (replaceProducer && current != null) {
      replaceProducer = false;
      log.atWarn().log("the Kafka producer has failed for good, a new one takes its place");
      producer = producers.get();
      current.close(Duration.ZERO);
      current = producer;
    }
    if (current != null) {
      for (Signal signal : Signal.values()) {
        learnPartitions(current, signal);
      }
    }
  }

  private void learnPartitions(Producer<byte[], byte[]> current, Signal signal) {
    String topic = topic(signal);
    try {
      int found = current.partitionsFor(topic).size();
      if (found > 0 && partitions.put(signal, found) == null) {
        reached.countDown();
      }
    } catch (RetriableException e) {
      log.atDebug().addKeyValue("topic", topic).addKeyValue("cause", e).log("no metadata yet");
    } catch (KafkaException e) {
      problems.log(Level.ERROR, "Kafka does not tell the partitions of a topic", topic, e);
    }
  }

  /** Waits for what is in flight, at most that long. */
  void close(Duration timeout) {
    closed = true;
    gatherer.close();
    Producer<byte[], byte[]> current = producer;
    if (current != null) {
      current.close(timeout);
    }
  }

  @Override
  public void close() {
    close(Duration.ZERO);
  }

  /** Counts what becomes of the records of one request. */
  private final class Watch implements Publication.Observer {
    private final Signal signal;
    private final String topic;
    private final Rejections rejections;
    private final Done done;

    Watch(Signal signal, String topic, Rejections rejections, Done done) {
      this.signal = signal;
      this.topic = topic;
      this.rejections = rejections;
      this.done = done;
    }

    @Override
    public void progressed() {
      lastProgressNanos = nanoClock.getAsLong();
    }

    @Override
    public void acknowledged(int items, long bytes) {
      metrics.accepted(signal, items, bytes);
    }

    @Override
    public void failed(int items, int bytes, Exception failure) {
      if (failure instanceof RecordTooLargeException) {
        rejections.add(tooLargeForKafka(bytes), items);
        problems.log(
            Level.ERROR,
            "Kafka refuses records as too large: raise the topic's max.message.bytes or lower"
                + " collector.maxRecordBytes",
            topic,
            failure);
        return;
      }
      metrics.refused(signal, KafkaFailures.outcomeOf(failure).reasonLabel(), items, bytes);
      if (KafkaFailures.endsProducer(failure)) {
        replaceProducer = true;
      }
      problems.log(
          failure instanceof RetriableException ? Level.WARN : Level.ERROR,
          "Kafka did not take a record",
          topic,
          failure);
    }

    @Override
    public void ended(Outcome.@Nullable Retryable failure) {
      pending.decrementAndGet();
      try {
        done.done(failure);
      } catch (Throwable e) {
        // Whatever is wrong with one answer must not end the producer's thread, which calls this.
        log.atError().addKeyValue("topic", topic).setCause(e).log("an answer could not be given");
      }
    }

    private static Rejections.Cause tooLargeForKafka(int bytes) {
      return new Rejections.Cause(
          "record_too_large", "Kafka's size limit is below a record of " + bytes + " bytes");
    }
  }
}
