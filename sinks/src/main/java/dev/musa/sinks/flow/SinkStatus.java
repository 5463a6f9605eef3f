package dev.musa.sinks.flow;

import dev.musa.sinks.backend.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * How a sink fares with its backend, shared by its deliveries. After an answer that nobody but an
 * operator can mend it stops them all but one, which probes with growing pauses.
 */
public final class SinkStatus {
  private static final Logger log = LoggerFactory.getLogger(SinkStatus.class);
  private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

  private final String sink;
  private final InstantSource clock;
  private final IntFunction<Duration> probePause;
  private final Pause pause;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private @Nullable String stopped;
  private boolean probing;
  private int probes;
  private long accepted;
  private @Nullable String retrying;
  private boolean troubleLogged;
  private Instant quietUntil = Instant.EPOCH;
  private Instant quietAboutLossUntil = Instant.EPOCH;

  public SinkStatus(
      String sink, InstantSource clock, IntFunction<Duration> probePause, Pause pause) {
    this.sink = sink;
    this.clock = clock;
    this.probePause = probePause;
    this.pause = pause;
  }

  /** Why nothing is delivered until somebody mends it, null while the sink runs. */
  public @Nullable String stopped() {
    lock.lock();
    try {
      return stopped;
    } finally {
      lock.unlock();
    }
  }

  /** What the backend answered last if it did not take a request, null if it did. */
  public @Nullable String retrying() {
    lock.lock();
    try {
      return retrying;
    } finally {
      lock.unlock();
    }
  }

  /** How many requests the backend has taken. */
  long accepted() {
    lock.lock();
    try {
      return accepted;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Returns at once while the sink runs. While it is stopped, returns to one delivery at a time,
   * after a pause, and true: its answer decides for all, and {@link #answered} or {@link
   * #probeEnded} must follow.
   */
  boolean awaitTurn() throws InterruptedException {
    Duration wait;
    lock.lockInterruptibly();
    try {
      while (stopped != null && probing) {
        changed.await();
      }
      if (stopped == null) {
        return false;
      }
      probing = true;
      wait = probePause.apply(probes);
    } finally {
      lock.unlock();
    }
    boolean waited = false;
    try {
      pause.pause(wait);
      waited = true;
    } finally {
      if (!waited) {
        probeEnded(true);
      }
    }
    return true;
  }

  /** The probe has no answer: the next delivery probes. */
  void probeEnded(boolean wasProbe) {
    if (wasProbe) {
      lock.lock();
      try {
        probing = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  void answered(Answer answer, boolean wasProbe) {
    lock.lock();
    try {
      switch (answer) {
        case Answer.Misconfigured(var status, var message) -> stop(status, message, wasProbe);
        case Answer.Retry(_, var status, var message) -> retry(status, message);
        case Answer.Doubtful(var status, var message) -> retry(status, message);
        case Answer.Delivered _, Answer.DroppedByBackend _, Answer.Split _, Answer.Bisect _ ->
            resume();
      }
      if (answer instanceof Answer.Delivered) {
        accepted++;
      }
      if (wasProbe) {
        probing = false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The backend dropped items and says so: logged now and then, counted elsewhere each time. */
  void dropped(Supplier<String> tenants, long items, String code, String message) {
    lock.lock();
    try {
      var now = clock.instant();
      if (now.isBefore(quietAboutLossUntil)) {
        return;
      }
      quietAboutLossUntil = now.plus(LOG_INTERVAL);
    } finally {
      lock.unlock();
    }
    log.atWarn()
        .addKeyValue("sink", sink)
        .addKeyValue("tenants", tenants.get())
        .addKeyValue("items", items)
        .addKeyValue("status", code)
        .addKeyValue("answer", message)
        .log("Backend dropped items and says so");
  }

  private void stop(String status, String message, boolean wasProbe) {
    boolean first = stopped == null;
    stopped = status + ": " + message;
    probes += wasProbe ? 1 : 0;
    if (first || mayLog()) {
      log(
          Level.ERROR,
          status,
          message,
          "Sink stopped: its backend refuses every request until the configuration is mended;"
              + " nothing is lost, it is tried again from time to time");
    }
  }

  private void retry(String status, String message) {
    retrying = status + ": " + message;
    if (mayLog()) {
      log(Level.WARN, status, message, "Backend takes no request, trying again");
    }
  }

  private void resume() {
    if (troubleLogged) {
      log.atInfo().addKeyValue("sink", sink).log("Backend takes requests again");
      troubleLogged = false;
    }
    stopped = null;
    retrying = null;
    probes = 0;
  }

  private boolean mayLog() {
    return !clock.instant().isBefore(quietUntil);
  }

  private void log(Level level, String status, String message, String text) {
    quietUntil = clock.instant().plus(LOG_INTERVAL);
    troubleLogged = true;
    log.atLevel(level)
        .addKeyValue("sink", sink)
        .addKeyValue("status", status)
        .addKeyValue("answer", message)
        .log(text);
  }
}
