package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.kafka.Cluster;
import dev.musa.benchmarks.process.Child;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.process.Watched;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Another collector, started by commands, on the same Kafka node as MUSA. */
public final class PeerSubject implements Subject {
  private static final String TOPIC = "bench-peer";
  private static final String GROUP = "bench-peer";
  private static final Duration START = Duration.ofSeconds(60);
  private static final int PROBE_MILLIS = 1000;

  /**
   * How the peer is started, by a shell.
   *
   * @param intake takes OTLP to Kafka; null if this leg is not compared, as in the next two
   * @param drain takes it from Kafka to the backend
   * @param line takes OTLP to the backend, without a Kafka in between
   * @param target where it takes OTLP/gRPC
   */
  public record Commands(
      @Nullable String intake, @Nullable String drain, @Nullable String line, String target) {
    public boolean isEmpty() {
      return intake == null && drain == null && line == null;
    }
  }

  private final Commands commands;
  private final boolean wholeLine;
  private final Setup setup;
  private final Stage stage;
  private final MusaSubject node;
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable Child intake;

  /**
   * @param wholeLine whether the one command for the line runs, and no Kafka
   * @param decisionWait for its tail sampling
   */
  public PeerSubject(
      Commands commands, boolean wholeLine, Duration decisionWait, Setup setup, Stage stage) {
    this.commands = commands;
    this.wholeLine = wholeLine;
    this.setup = setup;
    this.stage = stage;
    this.node = new MusaSubject(setup, stage);
    environment.put("BY_ID", "true");
    environment.put("WAIT", decisionWait.toMillis() + "ms");
    environment.put("NUM_TRACES", "400000");
    environment.put("COMPRESSION", "none");
    // What the user has set comes first.
    environment.keySet().removeAll(System.getenv().keySet());
    environment.put("TOPIC", TOPIC);
    environment.put("GROUP", GROUP);
  }

  @Override
  public String name() {
    return "peer";
  }

  @Override
  public List<Watched> prepare() throws InterruptedException {
    if (wholeLine) {
      return List.of();
    }
    Watched kafka = node.startKafka();
    try (Cluster cluster = new Cluster(node.bootstrapServers())) {
      cluster.createTopic(TOPIC, setup.partitions());
    }
    return List.of(kafka);
  }

  @Override
  public List<Watched> startIntake() throws InterruptedException {
    String command = wholeLine ? commands.line : commands.intake;
    if (isListening()) {
      throw new StartupException(
          "something listens on %s already (expected: nobody, until the peer does; another port is chosen by --target and the peer's configuration)"
              .formatted(commands.target));
    }
    Child started = start(wholeLine ? "peer" : "peer intake", command);
    intake = started;
    started.await(this::isListening, START);
    return List.of(Watched.process(started.name(), started.pid()));
  }

  @Override
  public void stopIntake() {
    Child running = intake;
    if (running != null) {
      stage.stop(running);
    }
  }

  @Override
  public List<Watched> startDrain() {
    List<Watched> started = new ArrayList<>();
    if (!wholeLine) {
      Child drain = start("peer drain", commands.drain);
      started.add(Watched.process(drain.name(), drain.pid()));
    }
    return started;
  }

  @Override
  public InetSocketAddress target() {
    return TargetSubject.address(commands.target);
  }

  @Override
  public @Nullable String bootstrapServers() {
    return wholeLine ? null : node.bootstrapServers();
  }

  @Override
  public String topic(Signal signal) {
    return TOPIC;
  }

  @Override
  public String group(Signal signal) {
    return GROUP;
  }

  @Override
  public void check() {
    stage.check();
  }

  private Child start(String name, @Nullable String command) {
    if (command == null) {
      throw new IllegalStateException("no command for " + name);
    }
    return stage.start(name, List.of("sh", "-c", "exec " + command), environment);
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(target(), PROBE_MILLIS);
      return true;
    } catch (IOException _) {
      return false;
    }
  }
}
