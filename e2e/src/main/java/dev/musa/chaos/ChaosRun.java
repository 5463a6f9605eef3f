package dev.musa.chaos;

import dev.musa.app.terminal.Output;
import dev.musa.schemas.decisions.TraceOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Faults under load, and what is to be said of them in the end. */
final class ChaosRun {
  private static final Duration RECOVERY = Duration.ofMinutes(3);
  private static final Duration DRAIN = Duration.ofMinutes(5);
  private static final Duration BETWEEN = Duration.ofSeconds(4);
  private static final Duration WARM_UP = Duration.ofSeconds(5);

  /** Twice and a half the heap: what a process may hold at most. */
  private static final long MOST_KIBIBYTES = 960 << 10;

  private final Scene scene;
  private final Traffic traffic;
  private final Sent sent;
  private final Progress progress;
  private final Output output;
  private final Map<Place, Long> repeated = new EnumMap<>(Place.class);

  /** Where what was delivered a second time may be a consequence of the last fault. */
  private Set<Place> repeating = Set.of();

  ChaosRun(Scene scene, Traffic traffic, Sent sent, Progress progress, Output output) {
    this.scene = scene;
    this.traffic = traffic;
    this.sent = sent;
    this.progress = progress;
    this.output = output;
  }

  /** What is wrong so far. */
  List<String> complaints() {
    return progress.complaints();
  }

  /** Lets one fault after the other happen while the load goes on, until something is wrong. */
  void play(Schedule schedule) throws InterruptedException {
    Plant plant = scene.plant();
    int seenStarts = 0;
    try (Load load = new Load(traffic, sent, plant.intakePort())) {
      load.start();
      long loadedSince = System.nanoTime();
      TimeUnit.MILLISECONDS.sleep(WARM_UP.toMillis());
      for (Place place : Place.values()) {
        repeated.put(place, repeats(place));
      }
      while (complaints().isEmpty() && !schedule.isDone(progress)) {
        long begun = System.nanoTime();
        String name = schedule.next(progress, scene.random());
        TimeUnit.MILLISECONDS.sleep(scene.random().nextLong(BETWEEN.toMillis()));
        round(name);
        if (!load.refusal().isEmpty()) {
          progress.complain(load.refusal());
        }
        long now = System.nanoTime();
        progress.ran(TimeUnit.NANOSECONDS.toMillis(now - begun));
        progress.loaded(
            TimeUnit.NANOSECONDS.toMillis(now - loadedSince),
            plant.processorStarts() - seenStarts,
            name.equals("scale") ? 1 + Plant.MORE_PROCESSORS.size() : 1);
        plant.all().forEach(part -> progress.held(part.peakKibibytes()));
        seenStarts = plant.processorStarts();
        loadedSince = now;
        progress.write();
      }
    }
  }

  private void round(String name) throws InterruptedException {
    long took;
    try {
      Faults.named(name).course().run(scene);
      long over = System.nanoTime();
      List<Long> mark = scene.mark();
      boolean recovered = Scene.await(RECOVERY, () -> scene.isDelivered(mark));
      took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - over);
      if (!recovered) {
        progress.complain(
            "%s: not everything arrives again within %d s".formatted(name, RECOVERY.toSeconds()));
      }
    } catch (ChaosException e) {
      progress.complain(name + ": " + e.getMessage());
      return;
    }
    for (PartProcess part : scene.plant().usual()) {
      if (!part.isRunning()) {
        progress.complain(
            "%s: %s has ended by itself, see %s".formatted(name, part.name(), part.log()));
      }
    }
    progress.happened(name, took);
    output.say(
        "%3d  %-22s recovered after %,d ms, %,d acknowledged so far, delivered again: %s"
            .formatted(progress.rounds(), name, took, acknowledged(), checkRepeats(name)));
  }

  /** A sink that has lost nothing must not deliver anything again. Returns what has come twice. */
  private String checkRepeats(String fault) {
    Set<Place> expected = Faults.named(fault).repeats();
    List<String> more = new ArrayList<>();
    for (Place place : Place.values()) {
      long all = repeats(place);
      long now = all - Objects.requireNonNull(repeated.put(place, all));
      more.add("%s %,d".formatted(place.label(), now));
      if (now > 0 && !expected.contains(place) && !repeating.contains(place)) {
        progress.complain(
            "%s: %,d items have come to the %s again (expected: none, as nothing has happened to that sink)"
                .formatted(fault, now, place.label()));
      }
    }
    repeating = expected;
    return String.join(", ", more);
  }

  private long repeats(Place place) {
    return Repeats.count(scene.arrived(place), sent).ofOneSending();
  }

  private long acknowledged() {
    return (long) sent.acknowledged(Kind.SPAN).size() * Traffic.SPANS
        + sent.acknowledged(Kind.LOG).size()
        + sent.acknowledged(Kind.POINT).size();
  }

  /**
   * Until all dead letters have been sent again, nothing is in flight, and the ledger says that it
   * balances.
   */
  void drain() throws InterruptedException {
    Plant plant = scene.plant();
    long deadline = System.nanoTime() + DRAIN.toNanos();
    while (true) {
      Plant.Answer letters = plant.ask("deadletter", "redrive");
      boolean none = letters.lines().contains("no dead letters");
      if (!none) {
        letters.lines().forEach(output::say);
      }
      Plant.Answer ledger = plant.ask("ledger");
      boolean quiet = ledger.lines().stream().noneMatch(line -> line.contains("in flight"));
      if (none && ledger.code() == 0 && quiet) {
        ledger.lines().forEach(output::say);
        compareLedger();
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        progress.complain(
            "the ledger, %d s after the last item was sent:\n%s\n%s"
                .formatted(
                    DRAIN.toSeconds(),
                    String.join("\n", letters.lines()),
                    String.join("\n", ledger.lines())));
        return;
      }
      TimeUnit.SECONDS.sleep(1);
    }
  }

  private void compareLedger() throws InterruptedException {
    Map<Place, Counts> arrivals = new EnumMap<>(Place.class);
    for (Place place : Place.values()) {
      arrivals.put(place, scene.arrived(place));
    }
    String json = String.join("\n", scene.plant().ask("ledger", "--json").lines());
    new LedgerCheck(json, sent).complaints(arrivals).forEach(progress::complain);
  }

  /** Whether a process has held more than it may. */
  void checkMemory() {
    List<String> peaks = new ArrayList<>();
    for (PartProcess part : scene.plant().all()) {
      long peak = part.peakKibibytes();
      if (peak > 0) {
        peaks.add("%s %d MiB".formatted(part.name(), peak >> 10));
      }
    }
    output.say("");
    output.say("most memory: " + String.join(", ", peaks));
    if (progress.peakKibibytes() > MOST_KIBIBYTES) {
      progress.complain(
          "a process has held %d MiB of memory (expected: at most %d)"
              .formatted(progress.peakKibibytes() >> 10, MOST_KIBIBYTES >> 10));
    }
  }

  /** Says what has happened, and how long it took until all was well again. */
  void report() {
    output.say("");
    output.say("%-24s %8s %14s".formatted("FAULT", "TIMES", "WORST RECOVERY"));
    progress
        .faults()
        .forEach((name, times) ->
            output.say(
                "%-24s %8d %11.1f s".formatted(name, times, progress.worstMillis(name) / 1e3)));
    output.say(
        "%d faults in %d minutes; %,d items acknowledged"
            .formatted(
                progress.rounds(),
                TimeUnit.MILLISECONDS.toMinutes(progress.millis()),
                acknowledged()));
  }

  /** Compares what was sent with what the backend and the files have. */
  void judge() {
    Arrivals arrivals = scene.arrivals();
    Map<Kind, Set<Long>> rejected = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      rejected.put(kind, arrivals.rejected(kind));
    }
    Shares shares = progress.shares();
    List<Verdict> verdicts =
        List.of(
            new Verdict(Place.BACKEND, traffic, sent, arrivals.counts(), rejected, shares).judge(),
            new Verdict(Place.FILES, traffic, sent, scene.arrived(Place.FILES), Map.of(), shares)
                .judge());
    long limited = verdicts.stream().mapToLong(Verdict::limited).max().orElse(0);
    output.say(
        "limit    %,d noisy log records have passed, %,d may at most"
            .formatted(limited, progress.mostLimited()));
    if (limited > progress.mostLimited()) {
      progress.complain("the limit has let more pass than it may");
    }
    if (limited < progress.leastLimited()) {
      progress.complain(
          "the limit has let less pass than %,d (expected: at least that)"
              .formatted(progress.leastLimited()));
    }
    judgeDecisions();
    for (Verdict verdict : verdicts) {
      output.say(verdict.summary());
      verdict.faults().forEach(progress::complain);
    }
  }

  /** One decision on each trace, whatever was killed between its spans. */
  private void judgeDecisions() {
    Decisions decisions = Decisions.read(scene.plant().bootstrapServers());
    long twice = 0;
    for (long trace = 0; trace < sent.begun(Kind.SPAN); trace++) {
      Set<TraceOutcome> outcomes = decisions.of(traffic.high(trace), traffic.low(trace));
      // Where a clock jumps by an hour, a decision is forgotten as if that hour had passed.
      if (outcomes.size() > 1 && !progress.shares().isUnsettled(trace)) {
        if (twice++ == 0) {
          progress.complain("trace %d was decided twice: %s".formatted(trace, outcomes));
        }
      } else if (decisions.areWhole()
          && outcomes.isEmpty()
          && sent.acknowledged(Kind.SPAN).contains(trace)) {
        progress.complain("trace %d was never decided".formatted(trace));
        break;
      }
    }
    output.say("%,d traces decided, %,d of them twice".formatted(decisions.size(), twice));
  }
}
