package dev.musa.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One part of MUSA as a process that can be killed and started again. */
final class PartProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration STOP = Duration.ofSeconds(20);
  private static final Duration CALL = Duration.ofSeconds(2);
  private static final int POLL_MILLIS = 50;

  private final HttpClient http = HttpClient.newHttpClient();
  private final String name;
  private final List<String> command;
  private final int healthPort;
  private final Path log;
  private @Nullable Process process;

  /**
   * @param name for messages
   * @param command with all its options
   * @param log takes what it says
   */
  PartProcess(String name, List<String> command, int healthPort, Path log) {
    this.name = name;
    this.command = List.copyOf(command);
    this.healthPort = healthPort;
    this.log = log;
  }

  String name() {
    return name;
  }

  boolean isRunning() {
    Process running = process;
    return running != null && running.isAlive();
  }

  void start() {
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it says that it is ready; throws {@link ChaosException} if it ends or does not. */
  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (!isReady()) {
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

  boolean isReady() throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + "/readyz"))
            .timeout(CALL)
            .build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      running.waitFor();
    }
  }

  /** As Ctrl-C does; kills it if that does not help. */
  void interrupt() throws InterruptedException {
    Process running = process;
    if (running != null) {
      signal("-TERM");
      if (!running.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)) {
        throw new ChaosException(
            "%s did not end within %d s after SIGTERM, see %s"
                .formatted(name, STOP.toSeconds(), log));
      }
    }
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
      List<String> kill = new ArrayList<>(List.of("kill", signal, Long.toString(running.pid())));
      int code = new ProcessBuilder(kill).start().waitFor();
      if (code != 0 && running.isAlive()) {
        throw new ChaosException("kill " + signal + " " + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
    http.close();
  }
}
