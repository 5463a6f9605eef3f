package dev.musa.sinks;

import dev.musa.runtime.kafka.GroupOffsets;
import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.schemas.Signal;
import dev.musa.sinks.flow.Batch;
import dev.musa.sinks.flow.Delivery;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Tally;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls one consumer and keeps its flow going until it is told to stop or the consumer fails.
 *
 * <p>One thread does all that touches the consumer and the flow. Each batch is delivered on a
 * virtual thread of its own and comes back through {@link #ends}.
 */
final class SinkLoop implements ConsumerRebalanceListener, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SinkLoop.class);
  private static final Duration IDLE_POLL = Duration.ofSeconds(1);

  /** How late an end is noticed that nothing waits for. */
  private static final Duration BUSY_POLL = Duration.ofMillis(100);

  /** How long the threads of deliveries that were given up may take to notice. */
  private static final Duration GIVE_UP_PATIENCE = Duration.ofSeconds(1);

  /** What a poll that was cut short has read. */
  private static final int UNKNOWN = -1;

  /** Tenant of records that nobody has read. */
  private static final String NO_TENANT = "unknown";

  /** An empty poll of this length means that Kafka had nothing more, fetch wait included. */
  private static final Duration LAST_POLL = Duration.ofMillis(400);

  /** What is under way when a partition is revoked may end within this, then it is forgotten. */
  private static final Duration REVOCATION_PATIENCE = Duration.ofSeconds(1);

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, Signal> topics;
  private final Addressee addressee;
  private final Flow flow;
  private final Delivery delivery;
  private final FlowCounters counters;
  private final Progress progress;
  private final InstantSource clock;
  private final BooleanSupplier struggling;
  private final LinkedBlockingQueue<End> ends = new LinkedBlockingQueue<>();
  private final Map<Batch, Thread> running = new HashMap<>();
  private final Commits commits;
  private volatile boolean wantsWakeup;

  /** What others see of the loop. */
  interface Progress {
    void update(long oldestPendingUnixMilli, int inFlight, long heldBytes);

    void assigned(int partitions);
  }

  /** How a batch ended: with a tally, or given up, or by a fault that must not be passed over. */
  private record End(Batch batch, @Nullable Tally tally, @Nullable Throwable fault) {}

  /**
   * @param commits of this consumer and flow; closed with this
   * @param struggling whether the backend takes nothing at present, so that waiting for it is idle
   */
  SinkLoop(
      Consumer<byte[], byte[]> consumer,
      Map<String, Signal> topics,
      Addressee addressee,
      Flow flow,
      Commits commits,
      Delivery delivery,
      FlowCounters counters,
      Progress progress,
      InstantSource clock,
      BooleanSupplier struggling) {
    this.consumer = consumer;
    this.topics = topics;
    this.addressee = addressee;
    this.flow = flow;
    this.delivery = delivery;
    this.counters = counters;
    this.progress = progress;
    this.clock = clock;
    this.struggling = struggling;
    this.commits = commits;
  }

  /**
   * Runs until {@code closing}, then drains for as long as {@code drain} allows. Whatever happens,
   * what is finished is committed and nothing is left running.
   */
  void run(BooleanSupplier closing, Duration drain) {
    try {
      commits.start();
      consumer.subscribe(topics.keySet(), this);
      while (!closing.getAsBoolean()) {
        turn(pollTimeout());
      }
      drain(drain);
    } finally {
      wantsWakeup = false;
      commits.commitNow(flow.positions());
      forget(flow.owned());
      joinGivenUp();
    }
  }

  @Override
  public void close() {
    commits.close();
  }

  private void joinGivenUp() {
    long deadline = clock.millis() + GIVE_UP_PATIENCE.toMillis();
    try {
      for (var thread : running.values()) {
        if (!thread.join(Duration.ofMillis(Math.max(1, deadline - clock.millis())))) {
          log.atWarn().log("A delivery goes on after it was given up: it may arrive twice");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int turn(Duration timeout) {
    takeEnds();
    startDue();
    applyBackPressure();
    commits.commitIfDue();
    report();
    wantsWakeup = flow.isWaitingForAnEnd();
    int read = poll(ends.isEmpty() || !wantsWakeup ? timeout : Duration.ZERO);
    wantsWakeup = false;
    return read;
  }

  private void drain(Duration limit) {
    long deadline = clock.millis() + limit.toMillis();
    boolean caughtUp = false;
    while (clock.millis() < deadline && !struggling.getAsBoolean()) {
      flow.flush();
      if (caughtUp && flow.isIdle() && ends.isEmpty()) {
        return;
      }
      long left = Math.max(1, deadline - clock.millis());
      if (caughtUp) {
        awaitEnd(Math.min(left, LAST_POLL.toMillis()));
        takeEnds();
        startDue();
      } else {
        caughtUp =
            turn(Duration.ofMillis(Math.min(left, LAST_POLL.toMillis()))) == 0 && !isPaused();
      }
    }
  }

  private boolean isPaused() {
    return !consumer.paused().isEmpty();
  }

  private int poll(Duration timeout) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(timeout);
    } catch (WakeupException e) {
      return UNKNOWN;
    } catch (OffsetOutOfRangeException e) {
      GroupOffsets.seekPastExpired(consumer, e, this::expired);
      return UNKNOWN;
    }
    long now = clock.millis();
    for (var record : records) {
      if (addressee.isFor(record)) {
        flow.add(record, now);
      } else {
        flow.passOver(record);
      }
    }
    for (var partition : flow.owned()) {
      flow.advanceTo(partition, consumer.position(partition));
    }
    return records.count();
  }

  private Duration pollTimeout() {
    long now = clock.millis();
    long millis = Math.min(IDLE_POLL.toMillis(), flow.dueInMilli(now));
    if (flow.inFlight() > 0) {
      millis = Math.min(millis, BUSY_POLL.toMillis());
    }
    millis = Math.min(millis, commits.dueInMilli());
    return Duration.ofMillis(millis);
  }

  private void startDue() {
    long now = clock.millis();
    for (var batch = flow.next(now); batch != null; batch = flow.next(now)) {
      start(batch);
    }
  }

  private void start(Batch batch) {
    var thread =
        Thread.ofVirtual()
            .name("musa-sink-delivery")
            .unstarted(() -> {
              ends.add(deliver(batch));
              if (wantsWakeup) {
                consumer.wakeup();
              }
            });
    running.put(batch, thread);
    thread.start();
  }

  private End deliver(Batch batch) {
    try {
      return new End(batch, delivery.run(batch), null);
    } catch (InterruptedException givenUp) {
      return new End(batch, null, null);
    } catch (RuntimeException | Error e) {
      return new End(batch, null, e);
    }
  }

  private void takeEnds() {
    for (var end = ends.poll(); end != null; end = ends.poll()) {
      take(end);
    }
  }

  private void take(End end) {
    var batch = end.batch();
    running.remove(batch);
    var tally = end.tally();
    if (flow.isForgotten(batch)) {
      flow.abandoned(batch);
    } else if (tally == null) {
      throw new IllegalStateException("a delivery ended without a result", end.fault());
    } else {
      flow.finished(batch);
      for (var line : tally.lines()) {
        counters.count(
            line.tenant(),
            batch.signal().label(),
            line.outcome(),
            line.reason(),
            line.items(),
            line.bytes());
      }
    }
  }

  private void applyBackPressure() {
    var blocked = flow.blocked();
    var paused = consumer.paused();
    var resume = new HashSet<>(paused);
    resume.removeAll(blocked);
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
    if (!paused.containsAll(blocked)) {
      consumer.pause(blocked);
    }
  }

  private void report() {
    progress.update(flow.oldestUnixMilli(), flow.inFlight(), flow.heldBytes());
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    for (var partition : partitions) {
      long position = firstPosition(partition);
      commits.assigned(partition, position);
      flow.assign(partition, signal(partition), position, clock.millis());
    }
    progress.assigned(flow.owned().size());
  }

  /**
   * Where a new partition begins. An end that wakes the consumer up must not cut this short: the
   * assignment would be taken for done, and the partition read without an owner.
   */
  private long firstPosition(TopicPartition partition) {
    wantsWakeup = false;
    while (true) {
      try {
        return consumer.position(partition);
      } catch (WakeupException e) {
        log.atDebug().addKeyValue("partition", partition).log("Woken up, asked again");
      }
    }
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    long deadline = clock.millis() + REVOCATION_PATIENCE.toMillis();
    while (isRunning(partitions) && !struggling.getAsBoolean() && clock.millis() < deadline) {
      awaitEnd(Math.max(1, deadline - clock.millis()));
    }
    takeEnds();
    var positions = flow.positions();
    positions.keySet().retainAll(Set.copyOf(partitions));
    commits.commitNow(positions);
    forget(partitions);
    progress.assigned(flow.owned().size());
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    forget(partitions);
    progress.assigned(flow.owned().size());
  }

  /** Gives up what is under way for these partitions; their next owner delivers it. */
  private void forget(Collection<TopicPartition> partitions) {
    for (var partition : partitions) {
      flow.release(partition);
      commits.released(partition);
    }
    running.forEach((batch, thread) -> {
      if (flow.isForgotten(batch)) {
        thread.interrupt();
      }
    });
  }

  private boolean isRunning(Collection<TopicPartition> partitions) {
    for (var batch : running.keySet()) {
      if (partitions.contains(batch.partition())) {
        return true;
      }
    }
    return false;
  }

  private void awaitEnd(long millis) {
    try {
      var end = ends.poll(millis, TimeUnit.MILLISECONDS);
      if (end != null) {
        take(end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptException(e);
    }
  }

  /** Retention deleted what was to be read next. */
  private void expired(TopicPartition partition, long from, long to) {
    log.atError()
        .addKeyValue("topic", partition.topic())
        .addKeyValue("partition", partition.partition())
        .addKeyValue("records", to - from)
        .log("Records expired before they were delivered: retention deleted them");
    flow.expired(partition, from, to);
    counters.count(NO_TENANT, signal(partition).label(), "expired", "retention", to - from, 0);
  }

  private Signal signal(TopicPartition partition) {
    var signal = topics.get(partition.topic());
    if (signal == null) {
      throw new IllegalStateException("topic " + partition.topic() + " was not subscribed");
    }
    return signal;
  }
}
