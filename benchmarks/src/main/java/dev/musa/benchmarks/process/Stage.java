package dev.musa.benchmarks.process;

import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The processes of one leg. They end with it, the last one first, and with the bench, however that
 * ends (but for kill -9).
 */
public final class Stage implements AutoCloseable {
  private static final ReentrantLock lock = new ReentrantLock();
  private static final List<Child> running = new ArrayList<>();

  private static volatile boolean stopping;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Stage::stopAll, "bench-stop-children"));
  }

  private final Path directory;
  private final List<Child> children = new ArrayList<>();

  /** A stage whose processes keep their files in this directory, with what they say. */
  public Stage(Path directory) {
    this.directory = directory;
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StartupException(
          "the directory " + directory + " cannot be made: " + e.getMessage(), e);
    }
  }

  /** Ends all processes of all stages, because the bench ends. */
  public static void stopAll() {
    List<Child> all;
    lock.lock();
    try {
      // Whoever starts a process after this is refused, so that none is left.
      stopping = true;
      all = List.copyOf(running);
    } finally {
      lock.unlock();
    }
    all.reversed().forEach(Child::stop);
  }

  /** Whether the bench ends, so that nothing that fails now is worth a word. */
  public static boolean isStopping() {
    return stopping;
  }

  public Path directory() {
    return directory;
  }

  /** Starts a process and returns at once. */
  public Child start(String name, List<String> command, Map<String, String> environment) {
    Path log = directory.resolve(name + ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    lock.lock();
    try {
      if (stopping) {
        throw new StartupException(name + " is not started: the bench ends");
      }
      Child child = new Child(name, builder.start(), log);
      running.add(child);
      children.add(child);
      return child;
    } catch (IOException e) {
      throw new StartupException(
          name + " cannot be started: " + String.join(" ", command) + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Ends one process before the others, as SIGTERM does. */
  public void stop(Child child) {
    child.stop();
    children.remove(child);
    lock.lock();
    try {
      running.remove(child);
    } finally {
      lock.unlock();
    }
  }

  /** Throws if a process has ended that should run. */
  public void check() {
    children.forEach(Child::check);
  }

  @Override
  public void close() {
    for (Child child : List.copyOf(children).reversed()) {
      stop(child);
    }
  }
}
