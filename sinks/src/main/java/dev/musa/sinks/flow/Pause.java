package dev.musa.sinks.flow;

import java.time.Duration;

/** Waits between two attempts; tests pass one that does not. */
@FunctionalInterface
public interface Pause {
  void pause(Duration duration) throws InterruptedException;
}
