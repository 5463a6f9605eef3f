package dev.musa.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * MUSA on this machine, each part in a process of its own, with its data in one directory: on the
 * embedded node, or on a cluster of three brokers. Ports and configuration are the same again after
 * a restart of the driver.
 */
final class Plant implements AutoCloseable {
  static final String NODE = "kafka";
  static final String SINKS = "sinks";
  static final List<String> PARTS = List.of("control", "collector", "processors", SINKS);
  static final List<String> MORE_PROCESSORS = List.of("processors-2", "processors-3");

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
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, PartProcess> parts = new LinkedHashMap<>();
  private final Map<String, Integer> adminPorts = new HashMap<>();
  private final List<String> brokers = new ArrayList<>();

  /** Listening ports, some for each part. */
  record PlantPorts(int first) {
    /** Of the first broker; the others' and those of the controllers follow. */
    int kafka() {
      return first + 2;
    }

    int intake() {
      return first;
    }

    int grpc() {
      return first + 1;
    }

    /** Of the part with this number; admin, the next one is health. */
    int admin(int part) {
      return first + 10 + 2 * part;
    }
  }

  /**
   * @param cluster whether there are three brokers, and not the embedded node
   */
  Plant(Path directory, PlantPorts ports, int backendPort, boolean cluster) throws IOException {
    this.directory = directory;
    this.ports = ports;
    this.backendPort = backendPort;
    Files.createDirectories(directory.resolve("rules"));
    SteppedClock.set(clock(), Duration.ZERO);
    if (cluster) {
      for (int number = 1; number <= ClusterBroker.BROKERS; number++) {
        addBroker(number);
      }
    } else {
      add(NODE, 0, NODE);
      brokers.add(NODE);
    }
    int number = 1;
    for (String part : PARTS) {
      add(part, number++, part);
    }
    for (String instance : MORE_PROCESSORS) {
      add("processors", number++, instance);
    }
  }

  private void addBroker(int number) throws IOException {
    String name = NODE + "-" + number;
    Path data = Files.createDirectories(data(name));
    Path settings = directory.resolve(name + ".properties");
    ClusterBroker.prepare(settings, data, number, ports.kafka());
    List<String> command = java(ClusterBroker.class);
    command.add(settings.toString());
    Probe probe = Probe.listening(ports.kafka() + number - 1);
    parts.put(name, new PartProcess(name, command, probe, directory.resolve(name + ".txt")));
    brokers.add(name);
  }

  private void add(String part, int number, String name) throws IOException {
    Path data = Files.createDirectories(data(name));
    Path config = directory.resolve(name + ".yaml");
    Files.writeString(config, config(part, number, name));
    List<String> command = java(SteppedPart.class);
    command.addAll(
        List.of(
            clock().toString(), part, "--config", config.toString(), "--data", data.toString()));
    if (part.equals("control")) {
      command.addAll(List.of("--rules", directory.resolve("rules").toString()));
    }
    adminPorts.put(name, ports.admin(number));
    Probe probe = Probe.health(http, ports.admin(number) + 1);
    parts.put(name, new PartProcess(name, command, probe, directory.resolve(name + ".txt")));
  }

  private static List<String> java(Class<?> main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(OPTIONS);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    return command;
  }

  private String config(String part, int number, String name) {
    String common =
        """
        admin: {port: %d}
        health: {port: %d}
        """
            .formatted(ports.admin(number), ports.admin(number) + 1);
    if (part.equals(NODE)) {
      return common + "node: {port: %d, diskReserve: 64MiB}\n".formatted(ports.kafka());
    }
    List<String> bootstrap = new ArrayList<>();
    for (int i = 0; i < brokers.size(); i++) {
      bootstrap.add("\"127.0.0.1:" + (ports.kafka() + i) + "\"");
    }
    return common
        + """
        kafka: {bootstrapServers: [%s]}
        topics: {partitions: 8}
        processors: {instance: "%s"}
        collector: {grpc: {port: %d}, http: {port: %d}}
        sinks:
          delivery: {retryInitial: 100ms, retryMax: 2s, probeMax: 2s, window: 1MiB}
          files: {enabled: true, directory: "%s", maxFileSize: 100GiB, maxFiles: 0}
          otlp:
            - name: chaos
              protocol: http
              endpoint: "http://127.0.0.1:%d"
              timeout: 3s
        """
            .formatted(
                String.join(", ", bootstrap),
                name,
                ports.grpc(),
                ports.intake(),
                files().toAbsolutePath(),
                backendPort);
  }

  int intakePort() {
    return ports.intake();
  }

  int grpcPort() {
    return ports.grpc();
  }

  String bootstrapServers() {
    return "127.0.0.1:" + ports.kafka();
  }

  /** What all parts tell the time by, see {@link SteppedClock}. */
  Path clock() {
    return directory.resolve("clock");
  }

  /** Where the files sink writes. */
  Path files() {
    return directory.resolve("files");
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

  /** The embedded node, or the cluster's brokers. */
  List<String> brokers() {
    return brokers;
  }

  Collection<PartProcess> all() {
    return parts.values();
  }

  /** The parts that run always, Kafka first. */
  List<PartProcess> usual() {
    return Stream.concat(brokers.stream(), PARTS.stream()).map(this::part).toList();
  }

  /** How often some instance of the processors was started by this driver. */
  int processorStarts() {
    return Stream.concat(Stream.of("processors"), MORE_PROCESSORS.stream())
        .mapToInt(name -> part(name).starts())
        .sum();
  }

  void start() throws InterruptedException {
    parts.values().stream().filter(part -> part.starts() == 0).forEach(PartProcess::killLeftover);
    start(brokers.stream().map(this::part).toList());
    start(usual());
  }

  private static void start(List<PartProcess> some) throws InterruptedException {
    for (PartProcess part : some) {
      if (!part.isRunning()) {
        part.start();
      }
    }
    for (PartProcess part : some) {
      part.awaitReady();
    }
  }

  /** What a part tells of itself now, line by line; nothing if it does not answer. */
  List<String> metrics(String name) throws InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d/metrics".formatted(adminPorts.get(name)));
    try {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
              BodyHandlers.ofLines())
          .body()
          .toList();
    } catch (IOException | UncheckedIOException _) {
      return List.of();
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
    List<String> command = java(dev.musa.app.Main.class);
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
    http.close();
  }
}
