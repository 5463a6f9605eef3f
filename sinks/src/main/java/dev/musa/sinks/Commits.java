package dev.musa.sinks;

import dev.musa.sinks.flow.Flow;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the positions of a flow now and then. A commit that fails loses nothing: what it covered
 * is committed by the next, or delivered once more. Used by the consumer's thread alone.
 */
final class Commits {
  private static final Logger log = LoggerFactory.getLogger(Commits.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int ATTEMPTS = 3;

  private final Consumer<byte[], byte[]> consumer;
  private final Flow flow;
  private final InstantSource clock;
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private boolean underWay;
  private long nextMilli;

  Commits(Consumer<byte[], byte[]> consumer, Flow flow, InstantSource clock) {
    this.consumer = consumer;
    this.flow = flow;
    this.clock = clock;
  }

  /** The partition is owned from now on, and committed up to this position. */
  void assigned(TopicPartition partition, long position) {
    committed.put(partition, position);
  }

  void released(TopicPartition partition) {
    committed.remove(partition);
  }

  /** Milliseconds until there is something to commit, {@link Long#MAX_VALUE} for the time being. */
  long dueInMilli() {
    if (underWay || flow.positions().equals(committed)) {
      return Long.MAX_VALUE;
    }
    return flow.wantsCommit() ? 0 : Math.max(0, nextMilli - clock.millis());
  }

  void commitIfDue() {
    if (dueInMilli() > 0) {
      return;
    }
    var changed = changed(flow.positions());
    nextMilli = clock.millis() + INTERVAL.toMillis();
    underWay = true;
    consumer.commitAsync(
        offsets(changed),
        (_, fault) -> {
          underWay = false;
          if (fault == null) {
            remember(changed);
          } else {
            log.atDebug().addKeyValue("fault", fault.toString()).log("Commit failed, tried again");
          }
        });
  }

  /** Returns once these positions are committed, or cannot be. */
  void commitNow(Map<TopicPartition, Long> positions) {
    var changed = changed(positions);
    if (changed.isEmpty()) {
      return;
    }
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        consumer.commitSync(offsets(changed), TIMEOUT);
        remember(changed);
        return;
      } catch (WakeupException e) {
        log.atDebug().addKeyValue("attempt", attempt).log("Commit interrupted, tried again");
      } catch (InterruptException e) {
        log.atDebug().log("Last commit given up");
        return;
      } catch (KafkaException e) {
        log.atWarn()
            .addKeyValue("fault", e.toString())
            .log("Last commit failed: what it covered will be delivered again");
        return;
      }
    }
  }

  private Map<TopicPartition, Long> changed(Map<TopicPartition, Long> positions) {
    Map<TopicPartition, Long> changed = new HashMap<>();
    positions.forEach((partition, position) -> {
      if (!position.equals(committed.get(partition))) {
        changed.put(partition, position);
      }
    });
    return changed;
  }

  /** A partition may have gone, or gone and come back further behind, since the commit began. */
  private void remember(Map<TopicPartition, Long> positions) {
    flow.committed(positions);
    positions.forEach((partition, position) ->
        committed.computeIfPresent(partition, (_, before) -> Math.max(before, position)));
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(
      Map<TopicPartition, Long> positions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = HashMap.newHashMap(positions.size());
    positions.forEach((partition, at) -> offsets.put(partition, new OffsetAndMetadata(at)));
    return offsets;
  }
}
