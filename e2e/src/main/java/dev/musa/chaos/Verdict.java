package dev.musa.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares what was sent with what was delivered to one place, item by item. */
final class Verdict {
  private static final int EXAMPLES = 5;

  private final Place place;
  private final Traffic traffic;
  private final Sent sent;
  private final Counts arrivals;
  private final Map<Kind, Set<Long>> rejected;
  private final Shares shares;
  private final List<String> faults = new ArrayList<>();
  private long lost;
  private long split;
  private long unwanted;
  private Repeats repeats = new Repeats(0, 0);

  /**
   * @param rejected what the place has said that it will not take
   * @param shares of the traces that are kept by chance
   */
  Verdict(
      Place place,
      Traffic traffic,
      Sent sent,
      Counts arrivals,
      Map<Kind, Set<Long>> rejected,
      Shares shares) {
    this.place = place;
    this.traffic = traffic;
    this.sent = sent;
    this.arrivals = arrivals;
    this.rejected = Map.copyOf(rejected);
    this.shares = shares;
  }

  /** Everything at once; what is wrong is in {@link #faults}. */
  Verdict judge() {
    judgeTraces();
    judge(Kind.LOG);
    judge(Kind.POINT);
    repeats = Repeats.count(arrivals, sent);
    return this;
  }

  private void judgeTraces() {
    Map<Long, Integer> spans = new HashMap<>();
    for (long span : arrivals.of(Kind.SPAN).keySet()) {
      if (Traffic.traceOf(span) < 0 || Traffic.traceOf(span) >= sent.begun(Kind.SPAN)) {
        unwanted++;
        tell("span " + span + " has arrived and was never sent");
      } else if (Traffic.isProbe(span)) {
        unwanted++;
        tell("span of trace " + Traffic.traceOf(span) + " that a rule drops has arrived");
      } else {
        spans.merge(Traffic.traceOf(span), 1, Integer::sum);
      }
    }
    for (long trace = 0; trace < sent.begun(Kind.SPAN); trace++) {
      judgeTrace(trace, spans.getOrDefault(trace, 0), sent.acknowledged(Kind.SPAN).contains(trace));
    }
  }

  private void judgeTrace(long trace, int arrived, boolean acknowledged) {
    boolean must = Traffic.isError(trace) || traffic.isKeptByChance(trace, shares.least(trace));
    boolean may = must || traffic.isKeptByChance(trace, shares.most(trace));
    if (!may && arrived > 0) {
      unwanted += arrived;
      tell("%d spans of trace %d, which no policy keeps, have arrived".formatted(arrived, trace));
    }
    // Of what was not acknowledged nobody knows how much came in.
    if (acknowledged && arrived > 0 && arrived < Traffic.SPANS) {
      split++;
      tell("trace %d arrived in part: %d of %d spans".formatted(trace, arrived, Traffic.SPANS));
    } else if (acknowledged && must && arrived == 0) {
      lost += Traffic.SPANS;
      tell("trace %d, which a policy keeps, has not arrived".formatted(trace));
    }
  }

  private void judge(Kind kind) {
    Map<Long, Integer> arrived = arrivals.of(kind);
    Set<Long> left = rejected.getOrDefault(kind, Set.of());
    for (long number : sent.acknowledged(kind)) {
      if (isWanted(kind, number) && !arrived.containsKey(number) && !left.contains(number)) {
        lost++;
        tell("%s %d has not arrived".formatted(kind, number));
      }
    }
    for (long number : arrived.keySet()) {
      if (isDropped(kind, number)) {
        unwanted++;
        tell("%s %d, which a rule drops, has arrived".formatted(kind, number));
      } else if (number < 0 || number >= sent.begun(kind)) {
        unwanted++;
        tell("%s %d has arrived and was never sent".formatted(kind, number));
      }
    }
  }

  /** A limit may or may not let it pass. */
  private static boolean isWanted(Kind kind, long number) {
    return !isDropped(kind, number) && !(kind == Kind.LOG && Traffic.isNoisy(number));
  }

  private static boolean isDropped(Kind kind, long number) {
    return kind == Kind.LOG ? Traffic.isDebug(number) : Traffic.isRuntime(number);
  }

  private void tell(String fault) {
    if (faults.size() < EXAMPLES) {
      faults.add(place.label() + ": " + fault);
    }
  }

  /** The first things that are wrong. */
  List<String> faults() {
    return faults;
  }

  /** Different items that a limit has let pass. */
  long limited() {
    return arrivals.of(Kind.LOG).keySet().stream().filter(Traffic::isNoisy).count();
  }

  /** What became of it all, for a report. */
  String summary() {
    return "%-8s lost %,d, split traces %,d, unwanted %,d, duplicates %,d, and %,d of what was sent again; %,d items arrived"
        .formatted(
            place.label(),
            lost,
            split,
            unwanted,
            repeats.ofOneSending(),
            repeats.ofSeveral(),
            arrivals.items());
  }
}
