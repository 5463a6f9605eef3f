package dev.musa.processors.stages;

import dev.musa.rules.Join;
import dev.musa.schemas.wire.OtlpCursor;

/** What steps join data points with. For one thread, and bound to where the points are written. */
public interface Joins {
  /** Where no step joins. */
  Joins NONE =
      new Joins() {
        @Override
        public boolean join(Join step, OtlpCursor at) {
          return false;
        }

        @Override
        public String reason() {
          return "";
        }
      };

  /**
   * Adds to a data point what is known of the pod that it names.
   *
   * @return whether it names one, known or not
   */
  boolean join(Join step, OtlpCursor at);

  /** Why the point that was looked at last has no pod; empty if it has one, or names none. */
  String reason();
}
