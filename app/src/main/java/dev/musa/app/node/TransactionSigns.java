package dev.musa.app.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * The two signs of a lost transaction marker, which leaves every read_committed reader of a
 * partition stuck: the coordinator's own line that it skipped one, and a last stable offset that
 * stays below the high watermark for longer than any transaction may last.
 */
final class TransactionSigns implements AutoCloseable {
  private static final org.slf4j.Logger log = LoggerFactory.getLogger(TransactionSigns.class);
  private static final String COORDINATOR_LOGGER =
      "kafka.coordinator.transaction.TransactionMarkerChannelManager";
  private static final String SKIPPED = "hence can be skipped";
  static final Duration LIMIT =
      Duration.ofMillis(BrokerSettings.TRANSACTION_MAX_TIMEOUT_MS).plusSeconds(20);

  private final AtomicLong skipped = new AtomicLong();
  private final SkippedMarkers appender = new SkippedMarkers();
  private final @Nullable Logger coordinator;
  private Map<TopicPartition, Held> held = Map.of();
  private volatile int stalled;
  private volatile @Nullable String complaint;

  /** Where the readers of a partition stand. */
  record Position(TopicPartition partition, long lastStableOffset, long highWatermark) {}

  private record Held(long lastStableOffset, long sinceNanos) {}

  TransactionSigns() {
    coordinator =
        LoggerFactory.getILoggerFactory() instanceof LoggerContext logback
            ? logback.getLogger(COORDINATOR_LOGGER)
            : null;
    if (coordinator == null) {
      log.atWarn().log("not logging with Logback: skipped transaction markers go unnoticed");
      return;
    }
    appender.setContext(coordinator.getLoggerContext());
    appender.start();
    // The line has level INFO: let it in here, but not through to the user.
    coordinator.setLevel(Level.INFO);
    coordinator.setAdditive(false);
    coordinator.addAppender(appender);
  }

  /** Looks at all partitions; {@code nowNanos} as by {@link System#nanoTime()}. */
  void check(Collection<Position> positions, long nowNanos) {
    Map<TopicPartition, Held> next = new HashMap<>();
    int count = 0;
    String first = null;
    for (Position p : positions) {
      if (p.lastStableOffset >= p.highWatermark) {
        continue;
      }
      Held before = held.get(p.partition);
      Held now =
          before != null && before.lastStableOffset == p.lastStableOffset
              ? before
              : new Held(p.lastStableOffset, nowNanos);
      next.put(p.partition, now);
      if (nowNanos - now.sinceNanos > LIMIT.toNanos()) {
        count++;
        first = first == null ? describe(p) : first;
      }
    }
    if (first != null && complaint == null) {
      log.atError().addKeyValue("reason", first).log("a transaction does not end");
    }
    held = next;
    stalled = count;
    complaint = first;
  }

  /** What is wrong, or null. */
  @Nullable String complaint() {
    if (skipped.get() > 0) {
      return skipped
          + " transaction markers were skipped, readers may be stuck: restart MUSA and compare the"
          + " positions of its readers with the ends of their topics";
    }
    return complaint;
  }

  long skipped() {
    return skipped.get();
  }

  /** How many partitions have readers that are stuck. */
  int stalled() {
    return stalled;
  }

  @Override
  public void close() {
    if (coordinator != null) {
      coordinator.detachAppender(appender);
      coordinator.setAdditive(true);
      coordinator.setLevel(null);
      appender.stop();
    }
  }

  private static String describe(Position p) {
    return "readers of "
        + p.partition
        + " are held at offset "
        + p.lastStableOffset
        + " of "
        + p.highWatermark
        + " by a transaction that does not end: restart MUSA, or end it with kafka-transactions";
  }

  private final class SkippedMarkers extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      String line = event.getFormattedMessage();
      if (line.contains(SKIPPED)) {
        skipped.incrementAndGet();
        log.atError().addKeyValue("reason", line).log("a transaction marker was skipped");
      } else if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        log.atWarn().addKeyValue("reason", line).log("transaction coordinator");
      }
    }
  }
}
