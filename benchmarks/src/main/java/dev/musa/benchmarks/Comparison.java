package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.PeerSubject;
import dev.musa.benchmarks.leg.Setup;
import dev.musa.benchmarks.leg.Subject;
import dev.musa.benchmarks.leg.TargetSubject;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.report.LegResult;
import dev.musa.benchmarks.report.Ratios;
import dev.musa.benchmarks.report.Rounds;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/** Legs of MUSA, and those of a peer in between, round after round. */
final class Comparison {
  private final Runner runner;
  private final Setup setup;
  private final PeerOptions peer;
  private final Consumer<LegResult> shown;
  private final List<Ratios> ratios = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  /**
   * @param shown gets each result at once
   */
  Comparison(Runner runner, Setup setup, PeerOptions peer, Consumer<LegResult> shown) {
    this.runner = runner;
    this.setup = setup;
    this.peer = peer;
    this.shown = shown;
  }

  void run(Leg leg, Conditions conditions) throws InterruptedException {
    List<LegResult> ours = new ArrayList<>();
    List<LegResult> theirs = new ArrayList<>();
    for (int round = 0; round < peer.rounds; round++) {
      // Whoever comes second finds another machine, so they take turns.
      boolean peerFirst = round % 2 == 1;
      if (peerFirst && peer.has(leg)) {
        theirs.add(keep(peer(leg, conditions)));
      }
      ours.add(keep(runner.musa(leg, conditions)));
      if (!peerFirst && peer.has(leg)) {
        theirs.add(keep(peer(leg, conditions)));
      }
    }
    compare(leg, ours, theirs);
  }

  private void compare(Leg leg, List<LegResult> ours, List<LegResult> theirs) {
    if (theirs.isEmpty()) {
      lines.addAll(Rounds.lines(ours));
      return;
    }
    List<LegResult> oursRight = new ArrayList<>();
    List<LegResult> theirsRight = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      // Who loses items saves what they would have cost.
      if (ours.get(i).problems().isEmpty() && theirs.get(i).problems().isEmpty()) {
        oursRight.add(ours.get(i));
        theirsRight.add(theirs.get(i));
      }
    }
    int left = ours.size() - oursRight.size();
    if (left > 0) {
      lines.add("");
      lines.add(
          "%s: %d of %d rounds are not compared, as their counts are wrong"
              .formatted(leg.name().toLowerCase(Locale.ROOT), left, ours.size()));
    }
    if (!oursRight.isEmpty()) {
      List<Ratios> more = Ratios.of(oursRight, theirsRight);
      more.forEach(each -> lines.addAll(each.lines()));
      ratios.addAll(more);
    }
  }

  List<Ratios> ratios() {
    return ratios;
  }

  /** What there is to say of all rounds. */
  List<String> lines() {
    return lines;
  }

  private LegResult keep(LegResult result) {
    shown.accept(result);
    return result;
  }

  private LegResult peer(Leg leg, Conditions conditions) throws InterruptedException {
    return runner.run(leg, conditions, stage -> subject(leg, conditions, stage));
  }

  private Subject subject(Leg leg, Conditions conditions, Stage stage) {
    if (peer.isRunning()) {
      return new TargetSubject("target", Objects.requireNonNull(peer.target), peer.pids);
    }
    return new PeerSubject(
        peer.commands(),
        leg == Leg.LINE,
        conditions.expectation().decisionWait(),
        setup.in(stage.directory()),
        stage);
  }
}
