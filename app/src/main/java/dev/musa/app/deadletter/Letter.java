package dev.musa.app.deadletter;

import dev.musa.schemas.BadHeadersException;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter.
 *
 * @param record as it stands on the topic
 * @param why what the stage that gave up says of it
 * @param headers of telemetry; null if it has none, which may be why it is here
 * @param signal of the topic that it comes from; null if that is none of MUSA's
 */
record Letter(
    ConsumerRecord<byte[], byte[]> record,
    DeadLetterHeaders why,
    @Nullable RecordHeaders headers,
    @Nullable Signal signal) {

  /** Empty for a record that is none: somebody else has written it. */
  static Optional<Letter> of(ConsumerRecord<byte[], byte[]> record, Topics topics) {
    DeadLetterHeaders why;
    try {
      why = DeadLetterHeaders.read(record.headers());
    } catch (BadHeadersException _) {
      return Optional.empty();
    }
    return Optional.of(
        new Letter(record, why, headers(record), signal(why.origin().topic(), topics)));
  }

  private static @Nullable RecordHeaders headers(ConsumerRecord<byte[], byte[]> record) {
    try {
      return RecordHeaders.read(record.headers());
    } catch (BadHeadersException _) {
      return null;
    }
  }

  private static @Nullable Signal signal(String topic, Topics topics) {
    for (Signal signal : Signal.values()) {
      if (topic.equals(topics.raw(signal))
          || topic.equals(topics.waiting(signal))
          || topic.equals(topics.processed(signal))
          || topic.equals(topics.redrive(signal))) {
        return signal;
      }
    }
    return null;
  }

  /** Its place on the dead-letter topic, by which commands name it. */
  String id() {
    return record.partition() + "-" + record.offset();
  }

  String tenant() {
    return headers == null ? "" : headers.tenant();
  }

  int items() {
    return headers == null ? 0 : headers.items();
  }

  int bytes() {
    return record.value() == null ? 0 : record.value().length;
  }

  /** Who gave it up: a sink by its name, else the stage. */
  String givenUpBy() {
    String sink = why.sink();
    return sink == null ? why.stage() : sink;
  }
}
