package dev.musa.benchmarks;

import dev.musa.benchmarks.leg.Backlog;
import dev.musa.benchmarks.leg.Conditions;
import dev.musa.benchmarks.leg.DrainLeg;
import dev.musa.benchmarks.leg.IntakeBacklog;
import dev.musa.benchmarks.leg.LiveLeg;
import dev.musa.benchmarks.leg.MusaSubject;
import dev.musa.benchmarks.leg.Setup;
import dev.musa.benchmarks.leg.Subject;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.report.LegResult;
import java.nio.file.Path;
import java.util.function.Function;

/** Runs legs, each with processes and data of its own. */
final class Runner {
  private final Workshop workshop;
  private final Setup setup;
  private final long backlogItems;

  /**
   * @param setup with any data directory: each leg has its own
   * @param backlogItems what a drain begins with; 0: what comes in within the leg's duration
   */
  Runner(Workshop workshop, Setup setup, long backlogItems) {
    this.backlogItems = backlogItems;
    this.workshop = workshop;
    this.setup = setup;
  }

  LegResult musa(Leg leg, Conditions conditions) throws InterruptedException {
    Setup of = leg == Leg.INTAKE ? setup.withoutDrain() : setup;
    return run(leg, conditions, stage -> new MusaSubject(of.in(stage.directory()), stage));
  }

  LegResult run(Leg leg, Conditions conditions, Function<Stage, Subject> subjects)
      throws InterruptedException {
    return run(leg, conditions, subjects, new IntakeBacklog(backlogItems, System.nanoTime()));
  }

  LegResult run(Leg leg, Conditions conditions, Function<Stage, Subject> subjects, Backlog backlog)
      throws InterruptedException {
    Path directory = workshop.legDirectory();
    try (Stage stage = new Stage(directory)) {
      Subject subject = subjects.apply(stage);
      return switch (leg) {
        case INTAKE -> new LiveLeg(subject, conditions, false, System.nanoTime()).run();
        case LINE -> new LiveLeg(subject, conditions, true, System.nanoTime()).run();
        case DRAIN -> new DrainLeg(subject, conditions, backlog).run();
      };
    } finally {
      workshop.discard(directory);
    }
  }
}
