package dev.musa.chaos;

import java.util.Set;

/**
 * Something that can go wrong.
 *
 * @param needs what there has to be for it
 */
record Fault(Set<Need> needs, Course course) {

  /** What not every run has. */
  enum Need {
    /** The embedded node, and not a cluster. */
    NODE,
    /** Three brokers. */
    CLUSTER,
    /** A user that may mount. */
    SMALL_DISKS
  }

  /** Returns when it is over, though not yet recovered from. */
  @FunctionalInterface
  interface Course {
    /**
     * Lets it happen.
     *
     * @throws ChaosException if something does not hold that has to while it lasts
     */
    void run(Scene scene) throws InterruptedException;
  }

  static Fault always(Course course) {
    return new Fault(Set.of(), course);
  }

  static Fault with(Need need, Course course) {
    return new Fault(Set.of(need), course);
  }
}
