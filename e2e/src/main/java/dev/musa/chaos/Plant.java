package dev.musa.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * MUSA on this machine, each part in a process of its own, with its data in one directory. Ports
 * and configuration are the same again after a restart of the driver.
 */
final class Plant implements AutoCloseable {
  private static final List<String> OPTIONS =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          "-Xmx384m",
          "-XX:-UsePerfData",
          "-XX:+ExitOnOutOfMemoryError",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final Path directory;
  private final PlantPorts ports;
  private final int backendPort;
  private final Map<String, PartProcess> parts = new LinkedHashMap<>();

  /** Listening ports, some for each part. */
  record PlantPorts(int first) {
    int kafka() {
      return first;
    }

    int intake() {
      return first + 1;
    }

    int grpc() {
      return first + 2;
    }

    /** Of the part with this number; admin, the next one is health. */
    int admin(int part) {
      return first + 10 + 2 * part;
    }
  }

  Plant(Path directory, PlantPorts ports, int backendPort) throws IOException {
    this.directory = directory;
    this.ports = ports;
    this.backendPort = backendPort;
    Files.createDirectories(directory.resolve("rules"));
    add("kafka", 0, "kafka");
    add("control", 1, "control");
    add("collector", 2, "collector");
    add("processors", 3, "processors");
    add("sinks", 4, "sinks");
    add("processors", 5, "processors-2");
    add("processors", 6, "processors-3");
  }

  private void add(String part, int number, String name) throws IOException {
    Path data = Files.createDirectories(directory.resolve(name));
    Path config = directory.resolve(name + ".yaml");
    Files.writeString(config, config(part, number, name));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("musa.classpath", System.getProperty("java.class.path")),
            "dev.musa.app.Main",
            part,
            "--config",
            config.toString(),
            "--data",
            data.toString()));
    if (part.equals("control")) {
      command.addAll(List.of("--rules", directory.resolve("rules").toString()));
    }
    parts.put(
        name,
        new PartProcess(name, command, ports.admin(number) + 1, directory.resolve(name + ".txt")));
  }

  private String config(String part, int number, String name) {
    String common =
        """
        admin: {port: %d}
        health: {port: %d}
        """
            .formatted(ports.admin(number), ports.admin(number) + 1);
    if (part.equals("kafka")) {
      return common + "node: {port: %d, diskReserve: 64MiB}\n".formatted(ports.kafka());
    }
    return common
        + """
        kafka: {bootstrapServers: ["127.0.0.1:%d"]}
        topics: {partitions: 8}
        processors: {instance: "%s"}
        collector: {grpc: {port: %d}, http: {port: %d}}
        sinks:
          delivery: {retryInitial: 100ms, retryMax: 2s, probeMax: 2s, window: 1MiB}
          otlp:
            - name: chaos
              protocol: http
              endpoint: "http://127.0.0.1:%d"
              timeout: 3s
        """
            .formatted(ports.kafka(), name, ports.grpc(), ports.intake(), backendPort);
  }

  int intakePort() {
    return ports.intake();
  }

  Path directory() {
    return directory;
  }

  /** Where the part with this name keeps what it has. */
  Path data(String name) {
    return directory.resolve(name);
  }

  PartProcess part(String name) {
    PartProcess part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException("no part " + name);
    }
    return part;
  }

  /** The parts that run always. */
  List<PartProcess> usual() {
    return Stream.of("kafka", "control", "collector", "processors", "sinks")
        .map(this::part)
        .toList();
  }

  void start() throws InterruptedException {
    for (PartProcess part : usual()) {
      if (!part.isRunning()) {
        part.start();
        if (part.name().equals("kafka")) {
          part.awaitReady();
        }
      }
    }
    for (PartProcess part : usual()) {
      part.awaitReady();
    }
  }

  /** Replaces the rule set at once, as a ConfigMap does. */
  void writeRules(String text) {
    Path rules = directory.resolve("rules");
    try {
      Path fresh = Files.writeString(directory.resolve("rules.new"), text);
      Files.move(
          fresh,
          rules.resolve("rules.yaml"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs a command of MUSA's to its end, and returns its output. */
  Answer ask(String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("musa.classpath", System.getProperty("java.class.path")),
            "dev.musa.app.Main"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "--config",
            directory.resolve("control.yaml").toString(),
            "--data",
            data("control").toString()));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      List<String> lines = process.inputReader().lines().toList();
      return new Answer(process.waitFor(), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a command said. */
  record Answer(int code, List<String> lines) {}

  @Override
  public void close() {
    parts.values().forEach(PartProcess::close);
  }
}
