package dev.musa.e2e;

import dev.musa.schemas.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A data directory with a configuration on free ports.
 *
 * @param bootstrapServers of the Kafka with its topics
 * @param prefix of the names of its topics
 */
record Installation(Path directory, Ports ports, String bootstrapServers, String prefix) {
  static Installation in(Path directory) {
    return in(directory, "");
  }

  /** With more configuration, in YAML. */
  static Installation in(Path directory, String yaml) {
    Ports ports = Ports.free();
    Installation installation =
        new Installation(directory, ports, "127.0.0.1:" + ports.kafka(), "musa");
    installation.configure(yaml);
    return installation;
  }

  /** With its topics on a Kafka that is not in it. */
  static Installation at(String bootstrapServers, String prefix, Path directory, String yaml) {
    Installation installation = new Installation(directory, Ports.free(), bootstrapServers, prefix);
    installation.configure(
        """
        kafka: {bootstrapServers: ["%s"]}
        topics: {prefix: %s, partitions: 8}
        """
                .formatted(bootstrapServers.replace(",", "\", \""), prefix)
            + yaml);
    return installation;
  }

  void configure(String yaml) {
    String base =
        """
        collector:
          grpc: {port: %d}
          http: {port: %d}
        node: {port: %d, diskReserve: 64MiB}
        admin: {port: %d}
        health: {port: %d}
        """
            .formatted(ports.grpc(), ports.http(), ports.kafka(), ports.admin(), ports.health());
    try {
      Files.writeString(config(), base + yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path config() {
    return directory.resolve("musa.yaml");
  }

  Path data() {
    return directory.resolve("data");
  }

  Path output() {
    return data().resolve("out");
  }

  /** Starts everything in one process and waits until it is ready. */
  MusaProcess run(String... more) {
    return start("run", more).awaitReady(ports);
  }

  MusaProcess start(String command, String... more) {
    String[] arguments = new String[more.length + 5];
    arguments[0] = command;
    arguments[1] = "--config";
    arguments[2] = config().toString();
    arguments[3] = "--data";
    arguments[4] = data().toString();
    System.arraycopy(more, 0, arguments, 5, more.length);
    return MusaProcess.start(arguments);
  }

  String metrics() {
    return MusaProcess.get("http://127.0.0.1:" + ports.admin() + "/metrics");
  }

  /** The sum of all series of a metric whose line begins and goes on like this. */
  double sum(String prefix, String label) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(prefix) && line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** How many items have had this outcome, at whatever stage. */
  long items(Signal signal, String outcome) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("musa_items_total{"))
        .filter(line -> line.contains("outcome=\"" + outcome + "\""))
        .filter(line -> line.contains("signal=\"" + signal.label() + "\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
