package dev.musa.collector;

import dev.musa.collector.ByteBudget.Reservation;

/** The answer to whether a request may be read at all. */
sealed interface Admission {
  record Admitted(Reservation reservation) implements Admission {}

  record Refused(Outcome.Retryable outcome) implements Admission {}

  static Outcome.Retryable overBudget() {
    return new Outcome.Retryable(
        Reason.OVER_BUDGET, "too many bytes are in flight to Kafka; send again later");
  }
}
