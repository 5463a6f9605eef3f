package dev.musa.sinks;

import dev.musa.schemas.RedriveHeaders;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Tells which records are for a sink: all on the processed topics, on the redrive topics those that
 * name it.
 *
 * @param redriveTopics the topics whose records name their sink
 */
record Addressee(String sink, Set<String> redriveTopics) {
  Addressee {
    redriveTopics = Set.copyOf(redriveTopics);
  }

  boolean isFor(ConsumerRecord<byte[], byte[]> record) {
    return !redriveTopics.contains(record.topic())
        || sink.equals(RedriveHeaders.sinkOf(record.headers()));
  }
}
