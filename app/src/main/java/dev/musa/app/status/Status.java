package dev.musa.app.status;

import dev.musa.schemas.Signal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline at one moment.
 *
 * @param oldestUndelivered the age of the oldest record that waits somewhere on its way; null if
 *     none does
 * @param rules the version in force, in words
 * @param troubles what a user should look at, each one line: a refused rule set, a shut gate, a
 *     stopped sink
 */
public record Status(
    List<Flow> flows, @Nullable Duration oldestUndelivered, String rules, List<String> troubles) {

  /** Counted by another process. */
  public static final long ELSEWHERE = -1;

  public Status {
    flows = List.copyOf(flows);
    troubles = List.copyOf(troubles);
  }

  /**
   * The items of one signal since the start of the process; {@link #ELSEWHERE} where another
   * process counts them.
   *
   * @param dropped by a rule, a limit or sampling
   * @param delivered by the sink that has delivered the fewest
   * @param refused answered to the sender as refused
   * @param deadLettered written to the dead-letter topic, by the processors or a sink
   * @param expired deleted by retention before it was read
   */
  public record Flow(
      Signal signal,
      long accepted,
      long kept,
      long dropped,
      long delivered,
      long refused,
      long deadLettered,
      long expired) {

    /** Whether this process reads what it has to pass on, so that something may wait in it. */
    boolean waits() {
      return kept != ELSEWHERE || delivered != ELSEWHERE;
    }
  }
}
