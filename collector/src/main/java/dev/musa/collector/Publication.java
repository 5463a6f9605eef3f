package dev.musa.collector;

import dev.musa.collector.SplitRequest.Part;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one request on their way to Kafka. Ends once, when Kafka has acknowledged or
 * failed each of them. Holds none of their bytes: the producer has copied them.
 */
final class Publication {
  /** Hears of each record, and at last of the end. */
  interface Observer {
    /** Kafka has acknowledged a record. */
    void progressed();

    void failed(int items, int bytes, Exception failure);

    /** What Kafka has acknowledged of all of them; told once, right before the end. */
    void acknowledged(int items, long bytes);

    /** Kafka has answered for all; null if it has taken all but what was too large for it. */
    void ended(Outcome.@Nullable Retryable failure);
  }

  private final Observer observer;

  /** Records without an answer, and one more until all are sent. */
  private final AtomicInteger open = new AtomicInteger(1);

  private final AtomicReference<Outcome.@Nullable Retryable> failure = new AtomicReference<>();

  /** Of the parts that are sent; complete before {@link #open} can reach zero. */
  private int sentItems;

  private long sentBytes;
  private final AtomicInteger failedItems = new AtomicInteger();
  private final AtomicLong failedBytes = new AtomicLong();

  Publication(Observer observer) {
    this.observer = observer;
  }

  Sent sending(Part part) {
    open.incrementAndGet();
    sentItems += part.items();
    sentBytes += part.value().length;
    return new Sent(part.items(), part.value().length);
  }

  void allSent() {
    countDown();
  }

  private void countDown() {
    if (open.decrementAndGet() == 0) {
      int acknowledged = sentItems - failedItems.get();
      if (acknowledged > 0) {
        observer.acknowledged(acknowledged, sentBytes - failedBytes.get());
      }
      observer.ended(failure.get());
    }
  }

  /**
   * One record. The producer may report a failure by the callback, by an exception or by both; only
   * the first counts.
   */
  final class Sent implements Callback {
    private final int items;
    private final int bytes;
    private final AtomicBoolean answered = new AtomicBoolean();

    private Sent(int items, int bytes) {
      this.items = items;
      this.bytes = bytes;
    }

    @Override
    public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception problem) {
      if (!answered.compareAndSet(false, true)) {
        return;
      }
      if (problem == null) {
        observer.progressed();
      } else {
        failedItems.addAndGet(items);
        failedBytes.addAndGet(bytes);
        observer.failed(items, bytes, problem);
        if (!(problem instanceof RecordTooLargeException)) {
          failure.compareAndSet(null, KafkaFailures.outcomeOf(problem));
        }
      }
      countDown();
    }
  }
}
