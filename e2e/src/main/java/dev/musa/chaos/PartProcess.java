package dev.musa.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One part of MUSA, or a broker, as a process that can be killed and started again. */
final class PartProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final int POLL_MILLIS = 50;

  private final String name;
  private final List<String> command;
  private final Probe probe;
  private final Path log;
  private @Nullable Process process;
  private int starts;
  private long peakKibibytes;

  /**
   * @param name for messages
   * @param command with all its options
   * @param log takes what it says
   */
  PartProcess(String name, List<String> command, Probe probe, Path log) {
    this.name = name;
    this.command = List.copyOf(command);
    this.probe = probe;
    this.log = log;
  }

  String name() {
    return name;
  }

  /** What it said. */
  Path log() {
    return log;
  }

  boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** How often it was started by this driver. */
  int starts() {
    return starts;
  }

  private Path pidFile() {
    return Path.of(log + ".pid");
  }

  /** Ends what a driver has left that was killed itself. */
  void killLeftover() {
    try {
      if (Files.exists(pidFile())) {
        ProcessHandle.of(Long.parseLong(Files.readString(pidFile())))
            .filter(handle -> isOurs(handle))
            .ifPresent(ProcessHandle::destroyForcibly);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number may belong to somebody else by now. */
  private boolean isOurs(ProcessHandle handle) {
    return handle.info().arguments().stream()
        .flatMap(Arrays::stream)
        .anyMatch(argument -> argument.equals(command.getLast()));
  }

  void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Files.writeString(pidFile(), Long.toString(process.pid()));
      starts++;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it says that it is ready; throws {@link ChaosException} if it ends or does not. */
  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!probe.isReady() || !isRunning()) {
      if (!isRunning()) {
        throw new ChaosException(name + " ended while it started, see " + log);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new ChaosException(
            "%s was not ready within %d s, see %s".formatted(name, START.toSeconds(), log));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      notePeak();
      running.destroyForcibly();
      running.waitFor();
    }
  }

  /** As SIGTERM does; {@link #awaitInterrupted} tells when it has ended. */
  void interrupt() throws InterruptedException {
    notePeak();
    signal("-TERM");
  }

  /** Returns the exit code; throws {@link ChaosException} if it takes longer than it may. */
  int awaitInterrupted() throws InterruptedException {
    Process running = process;
    if (running == null || !running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
      throw new ChaosException(
          "%s did not end within %d s after SIGTERM, see %s"
              .formatted(name, STOP.toSeconds(), log));
    }
    return running.exitValue();
  }

  /** Waits until it ends by itself, and returns its exit code. */
  int awaitEnd(Duration within) throws InterruptedException {
    Process running = process;
    if (running == null || !running.waitFor(within.toSeconds(), TimeUnit.SECONDS)) {
      throw new ChaosException(
          "%s did not end by itself within %d s, see %s".formatted(name, within.toSeconds(), log));
    }
    return running.exitValue();
  }

  void pause() throws InterruptedException {
    signal("-STOP");
  }

  void resume() throws InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws InterruptedException {
    Process running = process;
    if (running == null) {
      return;
    }
    try {
      int code = new ProcessBuilder("kill", signal, Long.toString(running.pid())).start().waitFor();
      if (code != 0) {
        throw new ChaosException(
            "kill %s %s ended with %d: %s".formatted(signal, name, code, hasEnded(running)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String hasEnded(Process running) {
    return running.isAlive() ? "it runs" : "it had ended by itself, see " + log;
  }

  /** The most resident memory of all its lives so far, in KiB; 0 where the system does not say. */
  long peakKibibytes() {
    notePeak();
    return peakKibibytes;
  }

  private void notePeak() {
    Process running = process;
    if (running == null) {
      return;
    }
    Path status = Path.of("/proc", Long.toString(running.pid()), "status");
    try {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("VmHWM:")) {
          long now = Long.parseLong(line.replaceAll("\\D", ""));
          peakKibibytes = Math.max(peakKibibytes, now);
        }
      }
    } catch (IOException _) {
      // It has ended, or this is no Linux.
      return;
    }
  }

  @Override
  public void close() {
    try {
      kill();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
