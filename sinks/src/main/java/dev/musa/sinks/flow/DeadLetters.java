package dev.musa.sinks.flow;

import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.DeadLetterHeaders.Origin;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what a backend refuses for good to the dead-letter topic, for as long as it takes. */
public final class DeadLetters {
  private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);
  private static final String STAGE = "sink";

  private final Producer<byte[], byte[]> producer;
  private final String topic;
  private final String sink;
  private final IntFunction<java.time.Duration> backoff;
  private final Pause pause;

  /** Why something is refused. */
  record Refusal(String reason, @Nullable String status, String message) {}

  public DeadLetters(
      Producer<byte[], byte[]> producer,
      String topic,
      String sink,
      IntFunction<java.time.Duration> backoff,
      Pause pause) {
    this.producer = producer;
    this.topic = topic;
    this.sink = sink;
    this.backoff = backoff;
    this.pause = pause;
  }

  /** Returns once Kafka has it; false if it is too large for the topic, which nothing can mend. */
  boolean write(Piece piece, Refusal refusal) throws InterruptedException {
    var letter = new ProducerRecord<byte[], byte[]>(topic, piece.bytes());
    piece.headers().writeTo(letter.headers());
    headers(piece.origin(), refusal).writeTo(letter.headers());
    return write(letter);
  }

  /** Writes a record as it came, with its headers, whatever they are. */
  boolean write(Batch.Unreadable unreadable, Refusal refusal) throws InterruptedException {
    var source = unreadable.source();
    var origin = new Origin(source.topic(), source.partition(), source.offset());
    var letter =
        new ProducerRecord<>(
            topic,
            null,
            source.key(),
            source.value(),
            new RecordHeaders(source.headers().toArray()));
    headers(origin, refusal).writeTo(letter.headers());
    return write(letter);
  }

  private DeadLetterHeaders headers(Origin origin, Refusal refusal) {
    return new DeadLetterHeaders(
        origin, STAGE, refusal.reason(), sink, refusal.status(), refusal.message());
  }

  private boolean write(ProducerRecord<byte[], byte[]> letter) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      var fault = send(letter);
      if (fault == null) {
        return true;
      }
      if (fault instanceof RecordTooLargeException) {
        return false;
      }
      log.atWarn()
          .addKeyValue("sink", sink)
          .addKeyValue("topic", topic)
          .addKeyValue("fault", fault.toString())
          .log("A dead letter could not be written and is tried again");
      pause.pause(backoff.apply(attempt));
    }
  }

  private @Nullable Throwable send(ProducerRecord<byte[], byte[]> letter)
      throws InterruptedException {
    try {
      producer.send(letter).get();
      return null;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (org.apache.kafka.common.errors.InterruptException e) {
      throw new InterruptedException("interrupted while sending a dead letter");
    } catch (org.apache.kafka.common.KafkaException e) {
      return e;
    }
  }
}
