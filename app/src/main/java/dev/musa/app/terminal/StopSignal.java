package dev.musa.app.terminal;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Turns Ctrl-C and SIGTERM into a request that the main thread sees, and lets the process end with
 * the main thread's exit code once that has finished (a JVM's own would be 130 or 143).
 */
public final class StopSignal {
  private final CompletableFuture<@Nullable Void> requested = new CompletableFuture<>();
  private final CountDownLatch finished = new CountDownLatch(1);
  private volatile int exitCode;

  private final @Nullable Duration limit;

  /** A signal that nothing but {@link #request} gives. */
  public StopSignal() {
    this(null);
  }

  private StopSignal(@Nullable Duration limit) {
    this.limit = limit;
  }

  /** Listens to the process's signals; the exit is forced when finishing takes longer. */
  public static StopSignal ofProcess(Duration limit) {
    StopSignal signal = new StopSignal(limit);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.end(limit), "musa-stop"));
    return signal;
  }

  public void request() {
    requested.complete(null);
  }

  /** As the process's signals do: the exit is forced when finishing takes too long. */
  public void demand() {
    request();
    Duration most = limit;
    if (most != null) {
      Thread.ofPlatform().daemon().name("musa-stop").start(() -> end(most));
    }
  }

  public boolean isRequested() {
    return requested.isDone();
  }

  /** Runs this on the thread that requests, or at once if the request has come already. */
  public void onRequest(Runnable action) {
    var _ = requested.thenRun(action);
  }

  /** Waits for the request; false if it has not come by then. */
  public boolean await(Duration limit) {
    try {
      requested.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Everything is closed: the process may end, with this code. */
  public void finished(int code) {
    exitCode = code;
    finished.countDown();
  }

  private void end(Duration limit) {
    request();
    boolean inTime;
    try {
      inTime = finished.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      inTime = false;
    }
    if (!inTime) {
      System.err.println("musa: not everything had stopped after " + limit.toSeconds() + " s");
    }
    System.out.flush();
    System.err.flush();
    Runtime.getRuntime().halt(inTime ? exitCode : 1);
  }
}
