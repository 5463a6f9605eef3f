package dev.musa.benchmarks.process;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process that the bench has started. */
public final class Child {
  private static final Duration STOP = Duration.ofSeconds(15);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LINES = 20;

  private final String name;
  private final Process process;
  private final Path log;

  Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  public String name() {
    return name;
  }

  public long pid() {
    return process.pid();
  }

  /** Waits until it is ready; throws with what it said if it ends or is not in time. */
  public void await(BooleanSupplier ready, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready.getAsBoolean()) {
      check();
      if (System.nanoTime() > end) {
        throw new StartupException(
            name + " was not ready within " + limit.toSeconds() + " s; it said:\n" + said());
      }
      Thread.sleep(LOOK);
    }
  }

  void check() {
    if (!process.isAlive()) {
      throw new StartupException(
          name + " has ended with code " + process.exitValue() + "; it said:\n" + said());
    }
  }

  /** Asks it to end, and ends it if it does not, with what it has started. */
  void stop() {
    List<ProcessHandle> others = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    others.forEach(ProcessHandle::destroy);
  }

  private String said() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException e) {
      return "(" + log + " cannot be read: " + e.getMessage() + ")";
    }
  }
}
