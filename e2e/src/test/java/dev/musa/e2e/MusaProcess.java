package dev.musa.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A {@code musa} command in a process of its own, as a user runs it, but on the class path of the
 * build.
 */
final class MusaProcess implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration STOP = Duration.ofSeconds(30);
  private static final long INT_BIT = 1 << 1;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final String name;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private MusaProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** Starts a command and returns at once. */
  static MusaProcess start(String... arguments) {
    return start(List.of(), arguments);
  }

  static MusaProcess start(List<String> jvmOptions, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx512m",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.musa.app.Main"));
    command.addAll(Arrays.asList(arguments));
    try {
      return new MusaProcess(
          String.join(" ", arguments),
          new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the process says that it is ready. */
  MusaProcess awaitReady(Ports ports) {
    Await.until(
        name + " is ready", START, () -> !process.isAlive() || isReady(ports), this::output);
    if (!process.isAlive()) {
      throw new AssertionError(name + " ended with " + awaitExit(STOP) + ": " + output());
    }
    return this;
  }

  private static boolean isReady(Ports ports) {
    return get("http://127.0.0.1:" + ports.health() + "/readyz").startsWith("200");
  }

  /** Status and body of a page, or nothing if there is no answer. */
  static String get(String url) {
    try {
      var response =
          HTTP.send(
              HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(5)).build(),
              BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException _) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the process wrote to standard output and error so far, by lines. */
  List<String> output() {
    return output;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Ends the process as {@code kill -9} does. */
  void kill() {
    process.destroyForcibly();
    awaitExit(STOP);
  }

  /** Ends the process as Ctrl-C does and returns its exit code. */
  int interrupt(Duration within) {
    String signal = isDeafToInterrupts() ? "-TERM" : "-INT";
    try {
      new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return awaitExit(within);
  }

  /**
   * As every process that a script starts in the background, and its children; on Linux one sees.
   */
  private boolean isDeafToInterrupts() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    String ignored = "SigIgn:";
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith(ignored))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(ignored.length()).strip(), 16))
          .anyMatch(signals -> (signals & INT_BIT) != 0);
    } catch (IOException _) {
      return false;
    }
  }

  int awaitExit(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not end within " + within + ": " + output);
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
      }
    } catch (IOException e) {
      output.add("(output ends: " + e.getMessage() + ")");
    }
  }

  /**
   * Ends the process at the end of a test, whatever state it is in; what it said goes to a file.
   */
  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroyForcibly();
      awaitExit(STOP);
    }
    try {
      Path directory = Files.createDirectories(Path.of("target", "musa-output"));
      Files.write(directory.resolve("process-" + process.pid() + ".txt"), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
