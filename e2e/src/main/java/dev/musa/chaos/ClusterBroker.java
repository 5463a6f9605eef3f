package dev.musa.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * One broker and controller of a cluster, as Kafka's own start script runs it: with stock settings
 * but for names, ports and replication.
 */
final class ClusterBroker {
  static final int BROKERS = 3;
  private static final String CONTROLLER = "CONTROLLER";

  private ClusterBroker() {}

  /** The settings' file is the argument. */
  public static void main(String[] arguments) throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
      properties.load(reader);
    }
    Map<String, String> settings = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      settings.put(key, properties.getProperty(key));
    }
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    server.startup();
    server.awaitShutdown();
  }

  /**
   * Writes the settings of a broker, and formats its data directory unless it is.
   *
   * @param number from 1 to {@link #BROKERS}
   * @param firstPort of the brokers' ports, which the controllers' follow
   */
  static void prepare(Path settings, Path data, int number, int firstPort) {
    StringBuilder voters = new StringBuilder();
    for (int other = 1; other <= BROKERS; other++) {
      voters.append(other > 1 ? "," : "").append(other);
      voters.append("@127.0.0.1:").append(firstPort + BROKERS + other - 1);
    }
    try {
      Files.writeString(
          settings,
          """
          process.roles=broker,controller
          node.id=%d
          controller.quorum.voters=%s
          controller.listener.names=CONTROLLER
          listeners=PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d
          listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
          inter.broker.listener.name=PLAINTEXT
          log.dirs=%s
          auto.create.topics.enable=false
          default.replication.factor=3
          min.insync.replicas=2
          offsets.topic.replication.factor=3
          transaction.state.log.replication.factor=3
          transaction.state.log.min.isr=2
          offsets.topic.num.partitions=8
          transaction.state.log.num.partitions=8
          """
              .formatted(
                  number,
                  voters,
                  firstPort + number - 1,
                  firstPort + BROKERS + number - 1,
                  data.toAbsolutePath()));
      if (!Files.exists(data.resolve("meta.properties"))) {
        format(data, number);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void format(Path data, int number) {
    try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream())) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(number)
          .setClusterId("Y2hhb3MtY2x1c3Rlci0wMQ")
          .setControllerListenerName(CONTROLLER)
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .run();
    } catch (Exception e) {
      throw new IllegalStateException("a broker's data directory cannot be formatted", e);
    }
  }
}
