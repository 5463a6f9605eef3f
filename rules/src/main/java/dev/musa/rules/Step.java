package dev.musa.rules;

/**
 * One named step of a rule set, compiled: for one thread, as its conditions hold scratch views.
 *
 * <p>All conditions of a pass see the item as it was received, also after a step of the same pass
 * has edited it: whether a rule applies never depends on what another one hashed or added.
 */
public sealed interface Step permits Drop, Keep, Hash, Join, Limit, Sample {
  /** Unique within its signal; the reason in counters and headers. */
  String name();

  /** Which items the step applies to; {@link Condition#ALWAYS} if the rule names none. */
  Condition when();
}
