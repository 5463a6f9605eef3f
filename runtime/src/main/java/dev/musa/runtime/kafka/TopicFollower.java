package dev.musa.runtime.kafka;

import dev.musa.runtime.lifecycle.StartupException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps somebody up to date with a topic of one partition: it has been read to its end when {@link
 * #start} returns, is followed from then on, and is read anew after a failure.
 */
public final class TopicFollower implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TopicFollower.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration RETRY = Duration.ofSeconds(1);

  /** Learns what the topic holds, always on one thread at a time. */
  public interface Reader {
    /** The whole topic comes, anew; what it said before holds until {@link #upToDate}. */
    void begin();

    void accept(ConsumerRecord<byte[], byte[]> record);

    /** All that the topic held has come. Said again after each wait for more. */
    void upToDate();
  }

  private final String name;
  private final Supplier<FollowedTopic> open;
  private final Reader reader;
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile @Nullable FollowedTopic topic;
  private @Nullable Thread thread;

  /**
   * @param name of its thread
   */
  public TopicFollower(String name, Supplier<FollowedTopic> open, Reader reader) {
    this.name = name;
    this.open = open;
    this.reader = reader;
  }

  /**
   * Reads the topic to its end, and follows it on a thread of its own after that.
   *
   * @throws StartupException if it is not there or cannot be read in time
   * @throws KafkaException if Kafka does not let it be read
   */
  public void start() {
    try {
      readAll();
    } catch (KafkaException | StartupException e) {
      closeTopic();
      throw e;
    }
    thread = Thread.ofVirtual().name(name).start(this::follow);
  }

  @Override
  public void close() {
    closing.countDown();
    Thread running = thread;
    FollowedTopic opened = topic;
    if (running != null) {
      if (opened != null) {
        opened.wakeup();
      }
      try {
        running.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
    closeTopic();
  }

  /** Waits a moment for records; after a failure reads the topic anew. */
  private void followOnce() {
    FollowedTopic opened = topic;
    if (opened == null) {
      readAll();
    } else {
      opened.follow(POLL, reader::accept);
      reader.upToDate();
    }
  }

  private void readAll() {
    FollowedTopic opened = open.get();
    topic = opened;
    if (closing.getCount() == 0) {
      return;
    }
    reader.begin();
    opened.readToEnd(reader::accept);
    reader.upToDate();
  }

  private void follow() {
    while (closing.getCount() > 0) {
      try {
        followOnce();
      } catch (WakeupException _) {
        return;
      } catch (RuntimeException e) {
        // Also a mistake of the reader's: what it knows must not stand still unseen.
        log.atWarn()
            .addKeyValue("reader", name)
            .addKeyValue("reason", e.toString())
            .log("a topic cannot be read; what was read of it stays in force, trying again");
        closeTopic();
        awaitRetry();
      }
    }
  }

  private void awaitRetry() {
    try {
      closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      closing.countDown();
    }
  }

  private void closeTopic() {
    FollowedTopic opened = topic;
    topic = null;
    if (opened != null) {
      opened.close();
    }
  }
}
