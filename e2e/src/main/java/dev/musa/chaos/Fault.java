package dev.musa.chaos;

import java.util.Set;

/**
 * Something that can go wrong.
 *
 * @param needs what there has to be for it
 * @param repeats where items may then be delivered a second time: the sink begins again at its last
 *     commit, or has had no answer
 */
record Fault(Set<Need> needs, Set<Place> repeats, Course course) {

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

  /** Of something that no sink should feel. */
  static Fault of(Course course) {
    return new Fault(Set.of(), Set.of(), course);
  }

  Fault needing(Need... all) {
    return new Fault(Set.of(all), repeats, course);
  }

  Fault repeatingAt(Place... all) {
    return new Fault(needs, Set.of(all), course);
  }

  /** Of a sink that dies, or cannot commit. */
  Fault repeatingAnywhere() {
    return repeatingAt(Place.values());
  }
}
