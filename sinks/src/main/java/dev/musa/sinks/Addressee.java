package dev.musa.sinks;

import dev.musa.schemas.BadHeadersException;
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
    if (!redriveTopics.contains(record.topic())) {
      return true;
    }
    try {
      return RedriveHeaders.read(record.headers()).sink().equals(sink);
    } catch (BadHeadersException _) {
      // Whoever wrote it: nobody is asked to deliver it.
      return false;
    }
  }
}
