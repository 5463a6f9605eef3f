package dev.musa.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares what the ledger says, once all is drained, with what was sent and what arrived. */
final class LedgerCheck {
  private static final String PROCESSORS = "processors";

  private final JsonNode ledger;
  private final Sent sent;
  private final List<String> complaints = new ArrayList<>();

  /**
   * @param json as {@code musa ledger --json} prints it
   */
  LedgerCheck(String json, Sent sent) {
    this.ledger = JsonMapper.shared().readTree(json);
    this.sent = sent;
  }

  /**
   * What does not agree.
   *
   * @param arrivals by the place that a sink delivers to
   */
  List<String> complaints(Map<Place, Counts> arrivals) {
    for (JsonNode note : ledger.path("notes")) {
      complaints.add("the ledger could not compare all: " + note.asString());
    }
    for (JsonNode flow : ledger.path("flows")) {
      if (flow.path("expiredRecords").asLong() > 0) {
        complaints.add(
            "the ledger says that %d records of %s expired at %s (expected: none)"
                .formatted(
                    flow.path("expiredRecords").asLong(),
                    flow.path("signal").asString(),
                    flow.path("stage").asString()));
      }
    }
    for (Kind kind : Kind.values()) {
      checkProcessors(kind);
      arrivals.forEach((place, counts) -> checkSink(kind, place, counts));
    }
    return complaints;
  }

  private void checkProcessors(Kind kind) {
    long items = kind == Kind.SPAN ? Traffic.SPANS + 1 : 1;
    atLeast(kind, "taken in", items * acknowledged(kind, _ -> true), sum(PROCESSORS, kind, "", ""));
    switch (kind) {
      case SPAN -> dropped(kind, "no-probes", _ -> true);
      case LOG -> dropped(kind, "no-debug", Traffic::isDebug);
      case POINT -> dropped(kind, "no-runtime", Traffic::isRuntime);
    }
  }

  private void dropped(Kind kind, String rule, LongPredicate drops) {
    atLeast(
        kind,
        "dropped by " + rule,
        acknowledged(kind, drops),
        sum(PROCESSORS, kind, "dropped", rule));
  }

  private long acknowledged(Kind kind, LongPredicate which) {
    return sent.acknowledged(kind).stream().filter(which::test).count();
  }

  private void atLeast(Kind kind, String what, long acknowledged, long told) {
    if (told < acknowledged) {
      complaints.add(
          "the ledger says that %,d %s were %s (expected: at least the %,d acknowledged)"
              .formatted(told, kind.signal().label(), what, acknowledged));
    }
  }

  /** Of what came twice it may know once: the process died before it could say so. */
  private void checkSink(Kind kind, Place place, Counts arrivals) {
    long delivered = sum(place.sink(), kind, "delivered", null);
    long different = arrivals.of(kind).size();
    long all = arrivals.of(kind).values().stream().mapToLong(Integer::longValue).sum();
    if (delivered < different || delivered > all) {
      complaints.add(
          "the ledger says that %,d %s were delivered to the %s (expected: from the %,d that arrived to the %,d with those that came again)"
              .formatted(delivered, kind.signal().label(), place.label(), different, all));
    }
  }

  /**
   * Items of a stage.
   *
   * @param outcome empty for what it has taken in
   * @param reason null for all
   */
  private long sum(String stage, Kind kind, String outcome, @Nullable String reason) {
    long sum = 0;
    for (JsonNode flow : ledger.path("flows")) {
      if (!flow.path("stage").asString().equals(stage)
          || !flow.path("signal").asString().equals(kind.signal().label())) {
        continue;
      }
      if (outcome.isEmpty()) {
        sum += flow.path("taken").asLong();
        continue;
      }
      for (JsonNode each : flow.path("outcomes")) {
        if (each.path("outcome").asString().equals(outcome)
            && (reason == null || each.path("reason").asString().equals(reason))) {
          sum += each.path("items").asLong();
        }
      }
    }
    return sum;
  }
}
