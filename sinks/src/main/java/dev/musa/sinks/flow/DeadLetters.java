package dev.musa.sinks.flow;

import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.DeadLetterHeaders.Origin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** The dead letters of what a backend refuses for good. */
public final class DeadLetters {
  private static final String STAGE = "sink";

  private final String topic;
  private final String sink;

  /** Why something is refused. */
  record Refusal(String reason, @Nullable String status, String message) {}

  public DeadLetters(String topic, String sink) {
    this.topic = topic;
    this.sink = sink;
  }

  ProducerRecord<byte[], byte[]> of(Piece piece, Refusal refusal) {
    var letter = new ProducerRecord<byte[], byte[]>(topic, piece.bytes());
    piece.headers().writeTo(letter.headers());
    headers(piece.origin(), refusal).writeTo(letter.headers());
    return letter;
  }

  /** A record as it came, with its headers, whatever they are. */
  ProducerRecord<byte[], byte[]> of(Batch.Unreadable unreadable, Refusal refusal) {
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
    return letter;
  }

  private DeadLetterHeaders headers(Origin origin, Refusal refusal) {
    return new DeadLetterHeaders(
        origin, STAGE, refusal.reason(), sink, refusal.status(), refusal.message());
  }
}
