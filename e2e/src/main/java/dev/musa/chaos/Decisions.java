package dev.musa.chaos;

import dev.musa.app.topics.TopicReading;
import dev.musa.schemas.Topics;
import dev.musa.schemas.decisions.DecisionBatch;
import dev.musa.schemas.decisions.TraceOutcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What the processors have decided, as the topic tells. */
final class Decisions {
  private static final String TOPIC = new Topics(Topics.DEFAULT_PREFIX).decisions();

  private final Map<Id, Set<TraceOutcome>> outcomes = new HashMap<>();
  private boolean whole;

  private record Id(long high, long low) {}

  private Decisions() {}

  /** Reads them all. */
  static Decisions read(String bootstrapServers) {
    Decisions decisions = new Decisions();
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = TopicReading.partitionsOf(consumer, TOPIC);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      decisions.whole =
          consumer.beginningOffsets(partitions).values().stream().allMatch(begin -> begin == 0);
      TopicReading.readTo(
          consumer,
          consumer.endOffsets(partitions),
          record -> decisions.add(DecisionBatch.parse(record.value())));
    }
    return decisions;
  }

  private void add(DecisionBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      outcomes
          .computeIfAbsent(new Id(batch.traceIdHigh(i), batch.traceIdLow(i)), _ -> new HashSet<>())
          .add(batch.outcome(i));
    }
  }

  /** Whether all are there still: a node whose disk was full has deleted the oldest. */
  boolean areWhole() {
    return whole;
  }

  /** How many traces were decided. */
  int size() {
    return outcomes.size();
  }

  /** What was decided on a trace; more than one is one too many. */
  Set<TraceOutcome> of(long traceIdHigh, long traceIdLow) {
    return outcomes.getOrDefault(new Id(traceIdHigh, traceIdLow), Set.of());
  }
}
