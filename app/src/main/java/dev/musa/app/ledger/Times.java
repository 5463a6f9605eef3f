package dev.musa.app.ledger;

import dev.musa.runtime.config.Durations;
import dev.musa.runtime.lifecycle.StartupException;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Times as users give them. */
public final class Times {
  private Times() {}

  /** A moment, or how long ago it was. */
  public static Instant ago(String text, Instant now) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException _) {
      try {
        return now.minus(Durations.parse(text));
      } catch (IllegalArgumentException e) {
        throw new StartupException(
            "time '%s' (expected: a time such as 2026-01-31T08:00:00Z, or so long ago, such as 30m or 2h)"
                .formatted(text),
            e);
      }
    }
  }
}
