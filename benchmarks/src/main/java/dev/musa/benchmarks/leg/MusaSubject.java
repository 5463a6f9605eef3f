package dev.musa.benchmarks.leg;

import dev.musa.benchmarks.kafka.MetadataRecords;
import dev.musa.benchmarks.payload.KnownPods;
import dev.musa.benchmarks.process.Child;
import dev.musa.benchmarks.process.Stage;
import dev.musa.benchmarks.process.Watched;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** MUSA, with each part in a process of its own or all in one. */
public final class MusaSubject implements Subject {
  public static final String NAME = "musa";

  static final List<String> PARTS = List.of("kafka", "control", "collector", "processors", "sinks");

  private static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);
  private static final Groups GROUPS = new Groups(Topics.DEFAULT_PREFIX);
  private static final Duration START = Duration.ofSeconds(60);

  /** Until published rules are in force, with a margin. */
  private static final Duration RULES_IN_FORCE = Duration.ofMillis(1500);

  private static final int PROBE_MILLIS = 2000;
  private static final Duration LOOK = Duration.ofMillis(100);

  /** The numbers of parts, for their ports. */
  private static final int ALL = 0;

  private static final int PROCESSORS = 3;

  private final Setup setup;
  private final Stage stage;
  private @Nullable Child collector;

  public MusaSubject(Setup setup, Stage stage) {
    this.setup = setup;
    this.stage = stage;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Watched> prepare() throws InterruptedException {
    List<Watched> started = new ArrayList<>();
    if (setup.allInOne()) {
      started.add(watched(start("run", "musa", ALL, true)));
    } else {
      started.add(startKafka());
      if (setup.rules() != null) {
        started.add(watched(start("control", "control", 1, false)));
      }
    }
    KnownPods pods = setup.pods();
    if (pods != null) {
      MetadataRecords.write(bootstrapServers(), TOPICS.kubernetesMetadata(), pods);
    }
    if (setup.rules() != null) {
      Thread.sleep(RULES_IN_FORCE);
    }
    return started;
  }

  Watched startKafka() throws InterruptedException {
    return watched(start("kafka", "kafka", 0, true));
  }

  @Override
  public List<Watched> startIntake() throws InterruptedException {
    if (setup.allInOne()) {
      return List.of();
    }
    Child started = start("collector", "collector", 2, false);
    collector = started;
    return List.of(watched(started));
  }

  @Override
  public void stopIntake() {
    Child running = collector;
    if (running != null) {
      stage.stop(running);
    }
  }

  @Override
  public List<Watched> startDrain() throws InterruptedException {
    List<Watched> started = new ArrayList<>();
    if (!setup.allInOne()) {
      // At the same time, as in an installation.
      Child processors = launch("processors", "processors", PROCESSORS, false);
      if (setup.sink() != SinkKind.NONE) {
        started.add(watched(ready(launch("sinks", "sinks", 4, false), 4)));
      }
      started.addFirst(watched(ready(processors, PROCESSORS)));
    }
    awaitPods();
    return started;
  }

  @Override
  public InetSocketAddress target() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), setup.ports().otlpGrpc());
  }

  @Override
  public String bootstrapServers() {
    return "127.0.0.1:" + setup.ports().kafka();
  }

  @Override
  public String topic(Signal signal) {
    return TOPICS.raw(signal);
  }

  @Override
  public String processedTopic(Signal signal) {
    return TOPICS.processed(signal);
  }

  @Override
  public boolean commitsWhatIsDone() {
    return true;
  }

  @Override
  public String group(Signal signal) {
    return signal == Signal.TRACES ? GROUPS.traces() : GROUPS.streams();
  }

  @Override
  public @Nullable PodFigures pods() {
    KnownPods pods = setup.pods();
    if (pods == null) {
      return null;
    }
    int part = setup.allInOne() ? ALL : PROCESSORS;
    PartMetrics metrics = PartMetrics.of(setup.ports().parts().get(part).admin());
    return new PodFigures(
        pods.number(),
        metrics.sum("musa_kubernetes_index_pods"),
        metrics.sum("musa_kubernetes_unenriched_items_total"));
  }

  /** Those that ran before they were told of pods take a moment; whether they know, is checked. */
  private void awaitPods() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    PodFigures pods = pods();
    while (pods != null && pods.known() < pods.expected() && System.nanoTime() < end) {
      Thread.sleep(LOOK);
      check();
      pods = pods();
    }
  }

  @Override
  public void check() {
    stage.check();
  }

  private static Watched watched(Child child) {
    return Watched.jvm(child.name(), child.pid());
  }

  private Child start(String command, String name, int part, boolean withKafka)
      throws InterruptedException {
    return ready(launch(command, name, part, withKafka), part);
  }

  private Child launch(String command, String name, int part, boolean withKafka) {
    Ports.Part ports = setup.ports().parts().get(part);
    List<String> arguments =
        new ArrayList<>(
            List.of(
                command,
                "--config",
                new MusaYaml(setup).write(name, ports, withKafka).toString(),
                "--data",
                setup.data().toString()));
    if (command.equals("run") && !setup.drains()) {
      arguments.addAll(List.of("--only", "kafka,control,collector"));
    }
    if (setup.rules() != null && (command.equals("control") || command.equals("run"))) {
      arguments.addAll(List.of("--rules", setup.rules().toString()));
    }
    return stage.start(name, setup.jvm().command(arguments), Map.of("MALLOC_ARENA_MAX", "2"));
  }

  private Child ready(Child child, int part) throws InterruptedException {
    int health = setup.ports().parts().get(part).health();
    child.await(() -> isReady(health), START);
    return child;
  }

  private static boolean isReady(int port) {
    try {
      HttpURLConnection probe =
          (HttpURLConnection)
              URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
      probe.setConnectTimeout(PROBE_MILLIS);
      probe.setReadTimeout(PROBE_MILLIS);
      return probe.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException _) {
      return false;
    }
  }
}
