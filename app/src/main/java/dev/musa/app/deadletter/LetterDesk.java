package dev.musa.app.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RedriveHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.WaitingHeader;
import dev.musa.schemas.ledger.Account;
import dev.musa.schemas.ledger.Entry;
import dev.musa.schemas.ledger.LedgerRecords;
import dev.musa.schemas.ledger.Line;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Deals with dead letters: sends them on once more, or drops them. What is done with a batch, that
 * it is done, and the ledger's entry are one transaction; only what goes to the processors again is
 * written before it, so that it may come twice if this is killed in between. One desk is open at a
 * time: a second one fences the first.
 */
final class LetterDesk implements AutoCloseable {
  private static final String ID = "musa-deadletter-desk";
  private static final String STAGE = "deadletter";
  private static final String REDRIVEN = "redriven";
  private static final String DROPPED = "dropped";

  private final Producer<byte[], byte[]> producer;

  /** For raw topics, where every offset is a record: no transaction may leave its markers there. */
  private final Producer<byte[], byte[]> raw;

  private final Topics topics;

  /**
   * @param producer transactional
   * @param raw not transactional; both are closed with this
   */
  LetterDesk(Producer<byte[], byte[]> producer, Producer<byte[], byte[]> raw, Topics topics) {
    this.producer = producer;
    this.raw = raw;
    this.topics = topics;
  }

  static LetterDesk open(KafkaConfig kafka, Topics topics, int maxRequestBytes) {
    Map<String, Object> properties = new HashMap<>(kafka.producerProperties(ID));
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestBytes);
    Producer<byte[], byte[]> raw = new KafkaProducer<>(properties);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + "-" + ID);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    try {
      producer.initTransactions();
    } catch (KafkaException e) {
      producer.close();
      raw.close();
      throw new StartupException("Kafka refused to write dead letters: " + e.getMessage(), e);
    }
    return new LetterDesk(producer, raw, topics);
  }

  /** Whether there is a stage that can take it once more. */
  static boolean isRedrivable(Letter letter) {
    return letter.signal() != null && letter.headers() != null;
  }

  /**
   * Sends each to a sink, or to the processors.
   *
   * @param sink where those go that a sink gave up; null for that very sink
   */
  void redrive(List<Letter> letters, @Nullable String sink) {
    commit(letters, REDRIVEN, letter -> again(letter, sink == null ? letter.why().sink() : sink));
  }

  /** For good. */
  void drop(List<Letter> letters) {
    commit(letters, DROPPED, null);
  }

  /** What was done with letters that are no longer there need not be known any more. */
  void forget(List<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    producer.beginTransaction();
    for (String id : ids) {
      int partition = Integer.parseInt(id.substring(0, id.indexOf('-')));
      var _ =
          producer.send(
              new ProducerRecord<>(topics.deadLetterDone(), partition, id.getBytes(UTF_8), null));
    }
    producer.commitTransaction();
  }

  private void commit(
      List<Letter> letters,
      String outcome,
      @Nullable Function<Letter, ProducerRecord<byte[], byte[]>> again) {
    producer.beginTransaction();
    try {
      for (Letter letter : letters) {
        if (again != null && !isForProcessors(letter)) {
          var _ = producer.send(again.apply(letter));
        }
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topics.deadLetterDone(),
                    letter.record().partition(),
                    letter.id().getBytes(UTF_8),
                    outcome.getBytes(UTF_8)));
      }
      writeLedger(letters, outcome);
      if (again != null) {
        // First it has to turn out that no other desk is open.
        producer.flush();
        sendToProcessors(letters.stream().filter(LetterDesk::isForProcessors).map(again).toList());
      }
      producer.commitTransaction();
    } catch (ProducerFencedException e) {
      throw new StartupException(
          "another `musa deadletter` has begun meanwhile: what this one has not told of is left to"
              + " it",
          e);
    } catch (TimeoutException e) {
      throw new StartupException(
          "Kafka does not answer: the last %d letters are dealt with or not, `musa deadletter list` will tell"
              .formatted(letters.size()),
          e);
    } catch (StartupException e) {
      // Else readers of what is committed would wait until it times out.
      producer.abortTransaction();
      throw e;
    } catch (KafkaException e) {
      producer.abortTransaction();
      throw new StartupException(
          "Kafka refused, and nothing was done with the last %d letters: %s"
              .formatted(letters.size(), e.getMessage()),
          e);
    }
  }

  private static boolean isForProcessors(Letter letter) {
    return letter.why().sink() == null;
  }

  private void sendToProcessors(List<ProducerRecord<byte[], byte[]>> letters) {
    List<Future<RecordMetadata>> answers = letters.stream().map(raw::send).toList();
    for (Future<RecordMetadata> answer : answers) {
      try {
        answer.get();
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      } catch (ExecutionException e) {
        throw new StartupException(
            "Kafka refused a letter, and nothing is told to be done with the last %d: %s"
                .formatted(letters.size(), e.getCause()),
            e);
      }
    }
  }

  private ProducerRecord<byte[], byte[]> again(Letter letter, @Nullable String sink) {
    Signal signal = letter.signal();
    if (signal == null) {
      throw new IllegalArgumentException("letter " + letter.id() + " cannot be sent again");
    }
    Headers headers = new RecordHeaders();
    for (Header header : letter.record().headers()) {
      if (!DeadLetterHeaders.isOne(header.key())) {
        headers.add(header);
      }
    }
    headers.remove(WaitingHeader.UNTIL);
    String topic = topics.raw(signal);
    if (!isForProcessors(letter) && sink != null) {
      topic = topics.redrive(signal);
      headers.remove(RedriveHeaders.SINK);
      headers.remove(RedriveHeaders.CAUSE);
      new RedriveHeaders(sink, RedriveHeaders.Cause.DEAD_LETTER).writeTo(headers);
    }
    return new ProducerRecord<>(
        topic,
        letter.why().origin().partition(),
        letter.record().key(),
        letter.record().value(),
        headers);
  }

  private void writeLedger(List<Letter> letters, String outcome) {
    Map<Account, Map<Line, Line>> sums = new HashMap<>();
    for (Letter letter : letters) {
      Signal signal = letter.signal();
      Account account =
          new Account(
              STAGE,
              signal == null ? Signal.LOGS : signal,
              topics.deadLetter(),
              letter.record().partition());
      Line fate = new Line(letter.tenant(), outcome, letter.givenUpBy(), 0, 0);
      sums.computeIfAbsent(account, _ -> new HashMap<>())
          .merge(
              fate,
              new Line(
                  letter.tenant(), outcome, letter.givenUpBy(), letter.items(), letter.bytes()),
              Line::plus);
    }
    List<Entry> entries = new ArrayList<>();
    sums.forEach((account, lines) -> {
      List<Line> outcomes = List.copyOf(lines.values());
      List<Line> taken =
          outcomes.stream().map(l -> new Line(l.tenant(), "", "", l.items(), l.bytes())).toList();
      // Letters are dealt with in any order, so that no offsets are covered.
      entries.add(new Entry(account, 0, 0, 0, 0, taken, outcomes));
    });
    LedgerRecords.send(producer, topics.ledger(), entries);
  }

  @Override
  public void close() {
    producer.close();
    raw.close();
  }
}
