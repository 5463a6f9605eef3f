package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.load.LoadCounts;
import java.time.Duration;

/** Fills Kafka before a drain. */
public interface Backlog {
  /** Fills the subject's topics, with nobody reading them, and returns how long that took. */
  Duration fill(Subject subject, Conditions conditions) throws InterruptedException;

  /** What was filled in. */
  LoadCounts counts();
}
