package dev.musa.app.why;

import dev.musa.app.ledger.LedgerPositions;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Sample;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.schemas.DeadLetterHeaders;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Where the spans of a trace are. */
final class Whereabouts {
  /** What a rule set that is not known any more may have waited. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** Between the time of a record and that of the decision at which it is due. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final TopicScan scan;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final TopicPartition raw;
  private final TopicPartition processed;
  private final SpanSearch search;
  private final TraceId id;

  /**
   * @param raw records of the trace, as far as the raw topic still has them
   * @param processed records that hold what was kept of them
   * @param sinks for each sink that reads these records, how many of them it has done with
   * @param deadLetters what a stage gave up
   */
  record Spans(
      List<Sighting> raw,
      List<Sighting> processed,
      Map<String, Integer> sinks,
      List<DeadLetter> deadLetters) {}

  /** Spans of the trace among the dead letters. */
  record DeadLetter(Sighting at, String stage, String reason) {}

  Whereabouts(TopicScan scan, KafkaConfig kafka, Topics topics, int partition, TraceId id) {
    this.scan = scan;
    this.kafka = kafka;
    this.topics = topics;
    this.raw = new TopicPartition(topics.raw(Signal.TRACES), partition);
    this.processed = new TopicPartition(topics.processed(Signal.TRACES), partition);
    this.search = new SpanSearch(scan, id);
    this.id = id;
  }

  /** Spans that the processors have not done with. */
  List<Sighting> waiting() {
    LedgerPositions positions = LedgerPositions.read(kafka, topics);
    @Nullable Long done =
        positions.of(new Account(Account.PROCESSORS, Signal.TRACES, raw.topic(), raw.partition()));
    return search.from(raw, done == null ? 0 : done);
  }

  Spans of(Decision decision, Map<String, RuleSet> rules) {
    long begin = decision.decidedAtUnixMilli() - waitMillis(decision, rules) - SLACK.toMillis();
    List<Sighting> came = search.between(raw, begin, decision.decidedAtUnixMilli());
    List<Sighting> kept =
        decision.outcome().kept()
            ? search.between(processed, begin, decision.decidedAtUnixMilli())
            : List.of();
    return new Spans(came, kept, sinks(kept), deadLetters(begin));
  }

  private static long waitMillis(Decision decision, Map<String, RuleSet> rules) {
    RuleSet set = rules.get(decision.outcome().rulesVersion());
    if (set == null) {
      return LONGEST_WAIT.toMillis();
    }
    Sample sample = set.traces().sample();
    return sample == null ? 0 : sample.after().toMillis();
  }

  private Map<String, Integer> sinks(List<Sighting> kept) {
    Map<String, Integer> done = new TreeMap<>();
    if (kept.isEmpty()) {
      return done;
    }
    LedgerPositions positions = LedgerPositions.read(kafka, topics);
    positions
        .sinksOf(processed.topic(), processed.partition())
        .forEach((sink, position) ->
            done.put(sink, (int) kept.stream().filter(s -> s.offset() < position).count()));
    return done;
  }

  private List<DeadLetter> deadLetters(long beginUnixMilli) {
    List<DeadLetter> found = new ArrayList<>();
    for (int p = 0; p < scan.partitions(topics.deadLetter()); p++) {
      TopicPartition partition = new TopicPartition(topics.deadLetter(), p);
      long from = scan.at(partition, beginUnixMilli);
      SpanSearch spans = new SpanSearch(scan, id);
      scan.read(
          partition,
          from,
          scan.end(partition),
          record -> {
            Sighting sighting = spans.look(record);
            if (sighting != null) {
              DeadLetterHeaders why = DeadLetterHeaders.read(record.headers());
              String sink = why.sink();
              found.add(
                  new DeadLetter(
                      sighting,
                      sink == null ? why.stage() : why.stage() + " " + sink,
                      why.reason()));
            }
            return true;
          });
    }
    return found;
  }
}
