package dev.musa.app.node;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.FaultHandlerFactory;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.server.fault.FaultHandler;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes one incarnation of the broker unusable: the first of its fatal faults.
 *
 * <p>Kafka answers a fatal fault (a full disk above all) by ending the process. Here it ends only
 * the thread that met it, and whoever waits for {@link #first()} replaces the incarnation.
 */
final class BrokerFaults implements FaultHandlerFactory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BrokerFaults.class);
  private static final List<BrokerFaults> listening = new CopyOnWriteArrayList<>();

  private final CompletableFuture<String> first = new CompletableFuture<>();

  private BrokerFaults() {}

  /**
   * Takes Kafka's way out of the process away, for good: the procedures are one per process, and a
   * thread of a closed incarnation may still come to its end.
   */
  static BrokerFaults listen() {
    Exit.setHaltProcedure(BrokerFaults::stopThread);
    Exit.setExitProcedure(BrokerFaults::stopThread);
    BrokerFaults faults = new BrokerFaults();
    listening.add(faults);
    return faults;
  }

  /** Completes with the reason of the first fatal fault, on the thread that met it. */
  CompletableFuture<String> first() {
    return first;
  }

  @Nullable String reason() {
    return first.getNow(null);
  }

  /** Waits, but not beyond a fatal fault; answers whether there was one. */
  boolean await(Duration time) throws InterruptedException {
    try {
      first.get(time.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  void report(String reason) {
    if (first.complete(reason)) {
      log.atError().addKeyValue("reason", reason).log("embedded Kafka failed");
    }
  }

  @Override
  public FaultHandler build(String name, boolean fatal, Runnable action) {
    return (message, cause) -> {
      String reason = name + ": " + message + (cause == null ? "" : " (" + cause + ")");
      action.run();
      if (fatal) {
        report(reason);
      } else {
        log.atWarn().addKeyValue("reason", reason).log("embedded Kafka met a fault and goes on");
      }
      return new FaultHandlerException(reason, cause);
    };
  }

  @Override
  public void close() {
    listening.remove(this);
  }

  private static void stopThread(int status, @Nullable String message) {
    String thread = Thread.currentThread().getName();
    String reason =
        thread.equals("LogDirFailureHandler")
            ? "the log directory cannot be written, the log says why"
            : thread + " asked for the end of the process with status " + status;
    if (message != null) {
      reason += " (" + message + ")";
    }
    String shown = reason;
    // Kafka does not say for which node it asks; every one in this process is looked after.
    listening.forEach(faults -> faults.report(shown));
    throw new ThreadStopped(shown);
  }

  /** Ends the thread that wanted to end the process. */
  private static final class ThreadStopped extends RuntimeException {
    private static final long serialVersionUID = 1;

    ThreadStopped(String reason) {
      super(reason);
    }
  }
}
