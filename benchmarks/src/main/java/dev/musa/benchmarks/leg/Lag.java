package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.kafka.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what drains Kafka keeps up with what fills it. */
final class Lag {
  /** What waits for its transaction or its decision is no lag. */
  private static final double TOLERATED = 0.05;

  private final @Nullable String bootstrap;
  private final Subject subject;
  private final Conditions conditions;
  private final Settling.Progress before;

  private Lag(@Nullable String bootstrap, Subject subject, Conditions conditions)
      throws InterruptedException {
    this.bootstrap = bootstrap;
    this.subject = subject;
    this.conditions = conditions;
    this.before = progress();
  }

  /** From now on; without a Kafka there is none. */
  static Lag of(@Nullable String bootstrap, Subject subject, Conditions conditions)
      throws InterruptedException {
    return new Lag(bootstrap, subject, conditions);
  }

  /**
   * What a reader has to know if it did not keep up.
   *
   * @param acknowledged items since the beginning
   */
  List<String> notes(long acknowledged) throws InterruptedException {
    Settling.Progress now = progress();
    List<String> notes = new ArrayList<>();
    tell(
        notes,
        "of the records that came in the window were processed",
        now.committed() - before.committed(),
        now.records() - before.records());
    if (conditions.backend() != null && conditions.expectation().kind() == Expectation.Kind.ALL) {
      tell(
          notes,
          "of the items that came in the window were delivered",
          now.delivered() - before.delivered(),
          acknowledged);
    }
    return notes;
  }

  private static void tell(List<String> notes, String what, long went, long came) {
    if (came > 0 && went < (1 - TOLERATED) * came) {
      notes.add(
          "only %.0f %% %s in it, so what drains Kafka used more per item than the table says: choose a lower --rate"
              .formatted(100.0 * went / came, what));
    }
  }

  private Settling.Progress progress() throws InterruptedException {
    if (bootstrap == null) {
      return new Settling.Progress(0, 0, 0);
    }
    try (Cluster cluster = new Cluster(bootstrap)) {
      return new Settling(
              subject,
              conditions.traffic(),
              cluster,
              conditions.backend(),
              Duration.ZERO,
              Duration.ZERO)
          .progress();
    }
  }
}
