package dev.musa.schemas;

import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a dead letter says beside the headers of the record that it comes from.
 *
 * @param origin where the guilty items stood
 * @param stage the stage that gave up: {@code processors} or {@code sink}
 * @param reason a short constant, the same as the metric label
 * @param sink name of the sink, if a sink gave up
 * @param status status that the backend answered, if it answered
 * @param message what was wrong, as the backend or the parser put it
 */
public record DeadLetterHeaders(
    Origin origin,
    String stage,
    String reason,
    @Nullable String sink,
    @Nullable String status,
    String message) {
  public static final String STAGE = "musa.deadletter.stage";
  public static final String REASON = "musa.deadletter.reason";
  public static final String SINK = "musa.deadletter.sink";
  public static final String STATUS = "musa.deadletter.status";
  public static final String MESSAGE = "musa.deadletter.message";
  public static final String SOURCE_TOPIC = "musa.deadletter.source.topic";
  public static final String SOURCE_PARTITION = "musa.deadletter.source.partition";
  public static final String SOURCE_OFFSET = "musa.deadletter.source.offset";

  private static final String PREFIX = "musa.deadletter.";

  /** A backend's answer may hold a whole request; a header need not. */
  private static final int MAX_MESSAGE_LENGTH = 2_000;

  /** The position of a Kafka record. */
  public record Origin(String topic, int partition, long offset) {}

  public DeadLetterHeaders {
    if (message.length() > MAX_MESSAGE_LENGTH) {
      message = message.substring(0, MAX_MESSAGE_LENGTH) + "...";
    }
  }

  /** Whether a header of this name says something of the letter, not of the telemetry in it. */
  public static boolean isOne(String key) {
    return key.startsWith(PREFIX);
  }

  public void writeTo(Headers headers) {
    HeaderCodec.put(headers, STAGE, stage);
    HeaderCodec.put(headers, REASON, reason);
    HeaderCodec.put(headers, SINK, sink);
    HeaderCodec.put(headers, STATUS, status);
    HeaderCodec.put(headers, MESSAGE, message);
    HeaderCodec.put(headers, SOURCE_TOPIC, origin.topic());
    HeaderCodec.put(headers, SOURCE_PARTITION, Integer.toString(origin.partition()));
    HeaderCodec.put(headers, SOURCE_OFFSET, Long.toString(origin.offset()));
  }

  public static DeadLetterHeaders read(Headers headers) {
    return new DeadLetterHeaders(
        new Origin(
            HeaderCodec.requiredText(headers, SOURCE_TOPIC),
            (int) HeaderCodec.requiredNumber(headers, SOURCE_PARTITION),
            HeaderCodec.requiredNumber(headers, SOURCE_OFFSET)),
        HeaderCodec.requiredText(headers, STAGE),
        HeaderCodec.requiredText(headers, REASON),
        HeaderCodec.text(headers, SINK),
        HeaderCodec.text(headers, STATUS),
        HeaderCodec.requiredText(headers, MESSAGE));
  }
}
