package dev.musa.app.why;

import dev.musa.rules.Policy;
import dev.musa.rules.RuleSet;
import dev.musa.rules.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a trace, for people. */
final class WhyText {
  private WhyText() {}

  static List<String> decision(TraceId id, Decision decision, Map<String, RuleSet> rules) {
    List<String> lines = new ArrayList<>();
    boolean kept = decision.outcome().kept();
    lines.add("trace " + id + ": " + (kept ? "KEPT" : "DROPPED"));
    lines.add("  by policy     " + policy(decision));
    lines.add("  rule set      " + decision.outcome().rulesVersion());
    lines.add("  decided at    " + Instant.ofEpochMilli(decision.decidedAtUnixMilli()));
    lines.add(
        "  seen by then  %,d %s, from the first start to the last end %s"
            .formatted(
                decision.spans(),
                decision.spans() == 1 ? "span" : "spans",
                millis(decision.durationMicros())));
    lines.add("  conditions    " + conditions(decision, rules));
    return lines;
  }

  private static String policy(Decision decision) {
    String policy = decision.outcome().policy();
    if (!policy.isEmpty()) {
      return policy;
    }
    return decision.outcome().kept()
        ? "none: nothing is sampled under these rules"
        : "none: no policy keeps it";
  }

  private static String millis(long micros) {
    return "%,d.%03d ms".formatted(micros / 1000, micros % 1000);
  }

  /** The policies whose anySpan condition a span fulfilled. */
  private static String conditions(Decision decision, Map<String, RuleSet> rules) {
    RuleSet set = rules.get(decision.outcome().rulesVersion());
    @Nullable Sample sample = set == null ? null : set.traces().sample();
    if (set == null) {
      return "not known: the rules topic does not hold this rule set any more";
    }
    if (sample == null) {
      return "none to fulfil";
    }
    List<String> fulfilled = new ArrayList<>();
    for (int i = 0; i < sample.policies().size() && i < Long.SIZE; i++) {
      Policy policy = sample.policies().get(i);
      if ((decision.conditions() & 1L << i) != 0) {
        fulfilled.add(policy.name());
      }
    }
    return fulfilled.isEmpty()
        ? "no span fulfilled one of a policy"
        : "a span fulfilled that of " + String.join(", ", fulfilled);
  }

  static List<String> spans(Whereabouts.Spans spans) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "  came in       " + sightings(spans.raw(), "the raw topic does not hold it any more"));
    if (!spans.processed().isEmpty()) {
      lines.add("  went on       " + sightings(spans.processed(), ""));
    }
    spans
        .sinks()
        .forEach((sink, done) ->
            lines.add(
                "  %-13s %s"
                    .formatted(
                        sink,
                        done == spans.processed().size()
                            ? "has done with all of these records"
                            : "has done with %d of these %d records, the rest is in flight"
                                .formatted(done, spans.processed().size()))));
    for (Whereabouts.DeadLetter letter : spans.deadLetters()) {
      lines.add(
          "  dead letter   %d spans by %s for '%s', %s-%d offset %d"
              .formatted(
                  letter.at().spans(),
                  letter.stage(),
                  letter.reason(),
                  letter.at().topic(),
                  letter.at().partition(),
                  letter.at().offset()));
    }
    return lines;
  }

  private static String sightings(List<Sighting> sightings, String none) {
    if (sightings.isEmpty()) {
      return none;
    }
    Sighting first = sightings.getFirst();
    int spans = sightings.stream().mapToInt(Sighting::spans).sum();
    return "%,d %s in %d %s: %s-%d from offset %d to %d, first at %s"
        .formatted(
            spans,
            spans == 1 ? "span" : "spans",
            sightings.size(),
            sightings.size() == 1 ? "record" : "records",
            first.topic(),
            first.partition(),
            first.offset(),
            sightings.getLast().offset(),
            Instant.ofEpochMilli(first.unixMilli()));
  }

  static List<String> waiting(TraceId id, List<Sighting> waiting) {
    return List.of(
        "trace " + id + ": NOT DECIDED YET",
        "  waits since   " + Instant.ofEpochMilli(waiting.getFirst().unixMilli()),
        "  came in       " + sightings(waiting, ""));
  }

  /**
   * @param oldestUnixMilli of the oldest decision that is still there, or null if there is none
   */
  static List<String> unknown(
      TraceId id, String topic, @Nullable Long oldestUnixMilli, boolean narrowed) {
    List<String> lines = new ArrayList<>();
    lines.add("trace " + id + ": nothing is known of it. That can mean that");
    if (narrowed) {
      lines.add("  - it was decided at another time than --around says");
    }
    lines.add(
        oldestUnixMilli == null
            ? "  - no trace has been decided yet: " + topic + " is empty"
            : "  - it was decided before "
                + Instant.ofEpochMilli(oldestUnixMilli)
                + ", the oldest decision that "
                + topic
                + " still holds");
    lines.add(
        "  - none of its spans came in: the service did not send it (an SDK samples too, see"
            + " OTEL_TRACES_SAMPLER), or sent it elsewhere");
    lines.add(
        "  - its spans were refused: the sender was told; musa_items_total{outcome=\"refused\"} of"
            + " the collector says how many and why");
    return lines;
  }
}
