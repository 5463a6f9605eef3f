package dev.musa.runtime.kafka;

import java.time.Duration;

/** Lets time pass. */
interface Pause {

  Pause SLEEPING = Thread::sleep;

  void pause(Duration time) throws InterruptedException;
}
