package dev.musa.processors.traces;

import dev.musa.processors.sampling.UndecidedTraceException;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.retry.Backoff;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs session after session on one thread until it is stopped, or until something is wrong that a
 * new session would not mend; then its health says what.
 */
final class TracesLoop implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(TracesLoop.class);

  private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

  /** Two within this time are no machine that slept through a transaction but a rival. */
  private static final long FENCED_AGAIN_MILLIS = 60_000;

  private final Supplier<TracesSession> sessions;
  private final LoopParts parts;
  private final Recovery recovery;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile LoopStatus status = LoopStatus.STARTING;
  private @Nullable Long fencedAt;

  TracesLoop(LoopParts parts) {
    this.parts = parts;
    this.sessions = () -> new TracesSession(parts);
    this.recovery =
        new Recovery(new Backoff(FIRST_BACKOFF, LONGEST_BACKOFF, parts.random()), parts.ticker());
  }

  LoopStatus status() {
    return status;
  }

  /** Ends the loop after its turn, with a last commit. */
  void stop() {
    stop.countDown();
  }

  @Override
  public void run() {
    while (!isStopping()) {
      try {
        runSession();
      } catch (InterruptException e) {
        end(Health.notReady("interrupted"));
        return;
      } catch (RuntimeException e) {
        if (isFatal(e)) {
          log.atError().setCause(e).log("traces are not processed any more");
          end(Health.notReady("stopped: " + e.getMessage()));
          return;
        }
        beginAgain(e);
      } catch (Error e) {
        // Said before the thread ends, or everything would look well while traces stand still.
        log.atError().setCause(e).log("traces are not processed any more");
        end(Health.notReady("stopped: " + e));
        throw e;
      }
    }
    end(Health.notReady("closed"));
  }

  private void runSession() {
    try (TracesSession session = sessions.get()) {
      session.start();
      while (!isStopping()) {
        session.turn();
        LoopStatus now = session.status();
        status = now.with(recovery.after(now.health()));
      }
      session.finish();
    }
  }

  /**
   * A rival with the same member id, a missing right, a broken invariant: a new session would only
   * do harm. Being fenced once may be a transaction that timed out while the machine slept.
   */
  private boolean isFatal(RuntimeException e) {
    // What a rebalance callback throws comes wrapped.
    Throwable reason = e.getCause() instanceof KafkaException cause ? cause : e;
    return switch (reason) {
      case FencedInstanceIdException _, AuthorizationException _ -> true;
      case UndecidedTraceException _, UnknownRulesException _ -> true;
      case ProducerFencedException _, InvalidProducerEpochException _ -> {
        long now = parts.ticker().millis();
        boolean again = fencedAt != null && now - fencedAt < FENCED_AGAIN_MILLIS;
        fencedAt = now;
        yield again;
      }
      default -> false;
    };
  }

  private void beginAgain(RuntimeException e) {
    parts.counters().restarts().increment();
    Duration pause = recovery.failed(e);
    status = status.with(Recovery.whileFailed(e));
    log.atWarn()
        .addKeyValue("reason", e.toString())
        .addKeyValue("pauseMillis", pause.toMillis())
        .log("trace session failed, begins again from the last commit");
    log.atDebug().setCause(e).log("cause");
    try {
      if (stop.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
        log.atDebug().log("stopped while waiting");
      }
    } catch (InterruptedException interrupted) {
      stop.countDown();
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStopping() {
    return stop.getCount() == 0;
  }

  private void end(Health health) {
    status = new LoopStatus(health, 0, 0, Long.MAX_VALUE);
  }
}
