package dev.musa.sinks;

import dev.musa.schemas.ledger.LedgerRecords;
import dev.musa.sinks.flow.Covered;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Receipt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits the positions of a flow now and then, each in one transaction with the dead letters of
 * what lies before it and with what the ledger has to hold of that. A commit that fails loses
 * nothing: what it covered is committed by the next, or delivered once more. Used by the consumer's
 * thread alone.
 */
final class Commits implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Commits.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final Duration CLOSE = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 3;

  /** Of dead letters in one transaction, which has to fit into the producer and its time. */
  private static final long LETTER_BYTES = 4L << 20;

  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final String ledger;
  private final String sink;
  private final Flow flow;
  private final InstantSource clock;
  private final Map<TopicPartition, Long> committed = new HashMap<>();
  private long nextMilli;

  /** A dead letter on its way to Kafka. */
  private record Posted(
      Receipt receipt, ProducerRecord<byte[], byte[]> letter, Future<RecordMetadata> answer) {}

  /**
   * @param producer transactional, of this sink alone; closed with this
   * @param ledger the topic of the ledger
   */
  Commits(
      Consumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> producer,
      String ledger,
      String sink,
      Flow flow,
      InstantSource clock) {
    this.consumer = consumer;
    this.producer = producer;
    this.ledger = ledger;
    this.sink = sink;
    this.flow = flow;
    this.clock = clock;
  }

  /** Ends what an earlier run has left open. */
  void start() {
    producer.initTransactions();
  }

  @Override
  public void close() {
    producer.close(CLOSE);
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
    if (flow.positions().equals(committed)) {
      return Long.MAX_VALUE;
    }
    return flow.wantsCommit() ? 0 : Math.max(0, nextMilli - clock.millis());
  }

  void commitIfDue() {
    if (dueInMilli() == 0) {
      nextMilli = clock.millis() + INTERVAL.toMillis();
      commit(flow.positions());
    }
  }

  /** Returns once these positions are committed, or cannot be. */
  void commitNow(Map<TopicPartition, Long> positions) {
    try {
      commit(positions);
    } catch (InterruptException e) {
      log.atDebug().log("Last commit given up");
    } catch (KafkaException | IllegalStateException e) {
      log.atWarn()
          .addKeyValue("fault", e.toString())
          .log("Last commit failed: what it covered will be delivered again");
    }
  }

  /**
   * @throws KafkaException if the producer is of no use any more, or nobody can tell whether the
   *     commit holds: the sink has to begin again
   */
  private void commit(Map<TopicPartition, Long> positions) {
    List<Covered> some = new ArrayList<>();
    long letterBytes = 0;
    for (var partition : changed(positions)) {
      var covered = flow.covered(partition);
      long more = covered.letterBytes();
      if (!some.isEmpty() && letterBytes + more > LETTER_BYTES) {
        commitTogether(some);
        some = new ArrayList<>();
        letterBytes = 0;
      }
      some.add(covered);
      letterBytes += more;
    }
    if (!some.isEmpty()) {
      commitTogether(some);
    }
  }

  private void commitTogether(List<Covered> some) {
    Map<TopicPartition, Long> positions = HashMap.newHashMap(some.size());
    some.forEach(covered -> positions.put(covered.partition(), covered.to()));
    producer.beginTransaction();
    List<Posted> letters = new ArrayList<>();
    try {
      for (var covered : some) {
        post(covered, letters);
      }
      LedgerRecords.send(
          producer, ledger, some.stream().map(covered -> covered.entry(sink)).toList());
      producer.sendOffsetsToTransaction(offsets(positions), consumer.groupMetadata());
    } catch (CommitFailedException | RebalanceInProgressException e) {
      log.atDebug().addKeyValue("fault", e.toString()).log("Commit refused, tried again");
      producer.abortTransaction();
      return;
    } catch (KafkaException e) {
      abort(e, letters);
      return;
    }
    if (commitTransaction(letters)) {
      remember(positions);
    }
  }

  private void post(Covered covered, List<Posted> letters) {
    for (var receipt : covered.receipts()) {
      for (var letter : receipt.letters()) {
        letters.add(new Posted(receipt, letter, producer.send(letter)));
      }
    }
  }

  private boolean commitTransaction(List<Posted> letters) {
    for (int attempt = 1; ; attempt++) {
      try {
        producer.commitTransaction();
        return true;
      } catch (TimeoutException e) {
        // The same commit again, so nothing can double.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      } catch (InterruptException e) {
        throw e;
      } catch (KafkaException e) {
        abort(e, letters);
        return false;
      }
    }
  }

  private void abort(KafkaException fault, List<Posted> letters) {
    if (fault instanceof ProducerFencedException
        || fault instanceof InvalidProducerEpochException
        || fault instanceof AuthorizationException
        || fault instanceof InterruptException) {
      throw fault;
    }
    producer.abortTransaction();
    boolean tooLarge = false;
    for (var posted : letters) {
      if (isTooLarge(posted.answer())) {
        tooLarge = true;
        posted.receipt().giveUp(posted.letter());
        log.atError()
            .addKeyValue("sink", sink)
            .addKeyValue("bytes", posted.letter().value().length)
            .log("Refused by the backend and too large for the dead-letter topic: dropped");
      }
    }
    if (!tooLarge) {
      log.atWarn()
          .addKeyValue("sink", sink)
          .addKeyValue("fault", fault.toString())
          .log("A commit failed and is tried again");
    }
  }

  private static boolean isTooLarge(Future<RecordMetadata> answer) {
    try {
      // After the abort each has its answer.
      var _ = answer.isDone() ? answer.get() : null;
      return false;
    } catch (ExecutionException e) {
      return e.getCause() instanceof RecordTooLargeException;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private List<TopicPartition> changed(Map<TopicPartition, Long> positions) {
    return positions.entrySet().stream()
        .filter(position -> !position.getValue().equals(committed.get(position.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

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
