package dev.musa.processors.traces;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.retry.Backoff;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How sessions that fail follow each other. Joining the group proves nothing: only a session that
 * has worked for a while ends a row of failures. Until then the pauses grow, and from the second
 * failure on the loop is not ready, or it would look well between two failures.
 */
final class Recovery {
  /** Longer than the longest pause, so that a row of failures cannot end by its own pauses. */
  static final Duration STEADY_AFTER = Duration.ofSeconds(10);

  private final Backoff backoff;
  private final Ticker ticker;
  private int failures;
  private @Nullable Health trouble;
  private @Nullable Long workingSince;

  Recovery(Backoff backoff, Ticker ticker) {
    this.backoff = backoff;
    this.ticker = ticker;
  }

  /** A session has failed; the pause before the next one. */
  Duration failed(RuntimeException failure) {
    trouble = whileFailed(failure);
    workingSince = null;
    return backoff.next(failures++);
  }

  /** What to say of a loop until its next session has had a turn. */
  static Health whileFailed(RuntimeException failure) {
    return Health.notReady("begins again after: " + failure.getMessage());
  }

  /** What to say of a loop whose session has this health after a turn. */
  Health after(Health session) {
    if (trouble == null) {
      return session;
    }
    if (session.ready()) {
      if (workingSince == null) {
        workingSince = ticker.millis();
      }
      if (ticker.millis() - workingSince >= STEADY_AFTER.toMillis()) {
        failures = 0;
        trouble = null;
        return session;
      }
    }
    return failures > 1 ? trouble : session;
  }
}
