package dev.musa.app.why;

import dev.musa.schemas.decisions.DecisionBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Finds the decisions on a trace, the newest first. */
final class DecisionSearch {
  private static final int FIRST_STEP = 500;
  private static final int LONGEST_STEP = 20_000;

  private final TopicScan scan;
  private final TopicPartition decisions;
  private final TraceId id;
  private final LongConsumer progress;

  /**
   * @param progress is told the time back to which was searched
   */
  DecisionSearch(TopicScan scan, TopicPartition decisions, TraceId id, LongConsumer progress) {
    this.scan = scan;
    this.decisions = decisions;
    this.id = id;
    this.progress = progress;
  }

  /**
   * Searches back until there is one.
   *
   * @return what was decided, the newest first; several if they stand close together
   */
  List<Decision> newest() {
    long begin = scan.begin(decisions);
    long to = scan.end(decisions);
    int step = FIRST_STEP;
    while (to > begin) {
      long from = Math.max(begin, to - step);
      List<Decision> found = between(from, to);
      if (!found.isEmpty()) {
        return found;
      }
      to = from;
      step = Math.min(step * 2, LONGEST_STEP);
    }
    return List.of();
  }

  /** What was decided between two times, the newest first. */
  List<Decision> between(java.time.Instant begin, java.time.Instant end) {
    return between(
        scan.at(decisions, begin.toEpochMilli()), scan.at(decisions, end.toEpochMilli()));
  }

  private List<Decision> between(long from, long to) {
    List<Decision> found = new ArrayList<>();
    boolean[] first = {true};
    scan.read(
        decisions,
        from,
        to,
        record -> {
          if (first[0]) {
            first[0] = false;
            progress.accept(record.timestamp());
          }
          look(record, found);
          return true;
        });
    return found.reversed();
  }

  private void look(ConsumerRecord<byte[], byte[]> record, List<Decision> found) {
    if (record.value() == null) {
      return;
    }
    DecisionBatch batch = DecisionBatch.parse(record.value());
    for (int i = 0; i < batch.size(); i++) {
      if (batch.traceIdHigh(i) == id.high() && batch.traceIdLow(i) == id.low()) {
        found.add(
            new Decision(
                batch.decidedAtUnixMilli(),
                batch.outcome(i),
                batch.spans(i),
                batch.durationMicros(i),
                batch.conditions(i)));
      }
    }
  }
}
