package dev.musa.sinks;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import dev.musa.sinks.flow.SinkStatus;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one sink running on a thread of its own: makes a consumer, runs its loop, and begins again
 * with a new one if that fails. Nothing that happens to one sink reaches another.
 */
final class SinkRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SinkRunner.class);
  private static final Duration CLOSE_MARGIN = Duration.ofSeconds(3);

  private final String name;
  private final Runnable initialiseOffsets;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final LoopFactory loops;
  private final SinkStatus status;
  private final Backoff backoff;
  private final Duration drain;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> current;
  private volatile @Nullable String fault;

  /** Makes the loop of a new consumer. */
  @FunctionalInterface
  interface LoopFactory {
    SinkLoop loop(Consumer<byte[], byte[]> consumer);
  }

  /**
   * @param initialiseOffsets commits a first position where there is none; run before each consumer
   */
  SinkRunner(
      String name,
      Runnable initialiseOffsets,
      Supplier<Consumer<byte[], byte[]>> consumers,
      LoopFactory loops,
      SinkStatus status,
      Backoff backoff,
      Duration drain) {
    this.name = name;
    this.initialiseOffsets = initialiseOffsets;
    this.consumers = consumers;
    this.loops = loops;
    this.status = status;
    this.backoff = backoff;
    this.drain = drain;
    this.thread = Thread.ofPlatform().daemon().name("musa-sink-" + name).unstarted(this::run);
  }

  String name() {
    return name;
  }

  /** Fails if Kafka cannot be reached now; afterwards it is waited for. */
  void start() {
    initialiseOffsets.run();
    thread.start();
  }

  /** Lets the loop drain, then waits for its end. */
  void stop() {
    closing.countDown();
    var consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
  }

  @Override
  public void close() {
    stop();
    try {
      if (thread.isAlive() && !thread.join(drain.plus(CLOSE_MARGIN))) {
        log.atWarn().addKeyValue("sink", name).log("Sink did not end in time and is left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Health health() {
    var broken = fault;
    if (broken != null) {
      return Health.notReady(name + " cannot read Kafka: " + broken);
    }
    // A backend's trouble must not take the process out of service: intake goes on.
    var stopped = status.stopped();
    if (stopped != null) {
      return Health.ok(name + " stopped until its configuration is mended: " + stopped);
    }
    var retrying = status.retrying();
    return Health.ok(name + (retrying == null ? " delivers" : " is trying again: " + retrying));
  }

  private void run() {
    for (int failures = 0; !isClosing(); failures++) {
      try {
        if (failures > 0) {
          initialiseOffsets.run();
        }
        runConsumer();
        return;
      } catch (RuntimeException e) {
        report(e);
      } catch (Error e) {
        // Said before the thread ends, or everything would look well while the sink stands still.
        fault = e.toString();
        log.atError().setCause(e).addKeyValue("sink", name).log("Sink ended");
        throw e;
      }
      awaitRestart(failures);
    }
  }

  private void runConsumer() {
    try (var consumer = consumers.get();
        var loop = loops.loop(consumer)) {
      current = consumer;
      fault = null;
      loop.run(this::isClosing, drain);
    } finally {
      current = null;
    }
  }

  private void report(RuntimeException e) {
    boolean explained = e instanceof KafkaException || e instanceof StartupException;
    var cause = explained || e.getCause() == null ? e : e.getCause();
    var text = e instanceof StartupException ? String.valueOf(e.getMessage()) : cause.toString();
    fault = text;
    var event = log.atError().addKeyValue("sink", name).addKeyValue("fault", text);
    if (cause instanceof FencedInstanceIdException) {
      event.log(
          "Another process runs this sink under the same instance id: give each its own"
              + " --instance");
    } else if (explained) {
      event.log("Sink lost Kafka and begins again at its committed position");
    } else {
      event.setCause(e).log("Sink failed and begins again at its committed position");
    }
  }

  private void awaitRestart(int failures) {
    try {
      if (closing.await(backoff.next(failures).toNanos(), TimeUnit.NANOSECONDS)) {
        log.atDebug().addKeyValue("sink", name).log("Sink closes instead of beginning again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }
}
