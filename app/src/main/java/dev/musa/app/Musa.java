package dev.musa.app;

import dev.musa.app.config.MusaConfig;
import dev.musa.app.lag.GroupLag;
import dev.musa.app.ledger.LedgerKeeper;
import dev.musa.app.node.EmbeddedNode;
import dev.musa.app.node.Retention;
import dev.musa.app.status.Status;
import dev.musa.app.status.StatusReader;
import dev.musa.collector.Collector;
import dev.musa.k8s.KubernetesWatch;
import dev.musa.k8s.Leadership;
import dev.musa.k8s.RulesEvents;
import dev.musa.k8s.ScaleDown;
import dev.musa.processors.Instance;
import dev.musa.processors.Processors;
import dev.musa.processors.traces.Traces;
import dev.musa.rules.DirectoryListener;
import dev.musa.rules.RulePublisher;
import dev.musa.rules.RuleSetIndex;
import dev.musa.runtime.http.AdminServer;
import dev.musa.runtime.http.HealthServer;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.Services;
import dev.musa.runtime.metrics.FlowReport;
import dev.musa.runtime.metrics.Metrics;
import dev.musa.runtime.tls.CertificateExpiry;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.TopicLayout;
import dev.musa.schemas.Topics;
import dev.musa.sinks.Sinks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * MUSA in this process: all parts, or some of them. The intake is started last and closed first, so
 * that what it has taken can drain.
 */
final class Musa implements AutoCloseable {
  /** The ports in use; 0 where this process has no such listener. */
  record Ports(int grpc, int http, int admin, int health) {}

  private static final String DELIVERS = " delivers";
  private static final String KAFKA_CERTIFICATE = SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG;

  private final PrometheusMeterRegistry metrics = Metrics.prometheus();
  private final List<Service> parts = new ArrayList<>();

  /** Those of the parts that start beside the intake. */
  private final Set<Service> beside = new HashSet<>();

  private final List<LongSupplier> oldestPending = new ArrayList<>();
  private final HealthServer health;
  private final AdminServer admin;
  private final Services services;
  private final StatusReader status;
  private @Nullable RulePublisher publisher;
  private @Nullable RuleSetIndex rules;
  private @Nullable Sinks sinks;
  private @Nullable Collector collector;
  private @Nullable Instance instance;

  /**
   * @param notices takes lines for the user while it starts, from any thread
   * @param end asks this process to end, as another one has taken over
   * @param clock what all parts tell the time by
   */
  Musa(
      MusaConfig config,
      Set<Part> which,
      Consumer<String> notices,
      Runnable end,
      InstantSource clock) {
    Part first = which.iterator().next();
    boolean embedded = which.contains(Part.KAFKA);
    KafkaConfig kafka = embedded ? config.kafkaOfNode() : config.kafka();
    Topics topics = config.topicNames();
    Groups groups = config.groups();
    boolean partitionsConfigured = config.topics().partitions() != null;
    Gate gate = new Gate();
    CertificateExpiry.report(metrics, "kafka", TlsFiles.of(kafka.tls()));
    CertificateExpiry.report(
        metrics, "kafka", KAFKA_CERTIFICATE, kafka.properties().get(KAFKA_CERTIFICATE));

    health =
        add(new HealthServer(config.health().address("health", first.healthPort()), this::health));
    admin = add(new AdminServer(config.admin().address("admin", first.adminPort()), metrics));
    if (embedded) {
      EmbeddedNode node = add(new EmbeddedNode(config.node(), gate, metrics, clock));
      // A node makes one partition after the other: first what the intake needs.
      Set<String> ofIntake = topicsOfIntake(topics);
      TopicLayout layout = config.topicLayout(true);
      add(
          new TopicsService(
              "topics", kafka, layout, partitionsConfigured, ofIntake::contains, notices));
      beside.add(
          add(
              new TopicsService(
                  "other topics",
                  kafka,
                  layout,
                  partitionsConfigured,
                  Predicate.not(ofIntake::contains),
                  notices)));
      var readers = SinkNames.readers(config.sinks(), topics, groups);
      beside.add(add(new Retention(node, config.node(), readers, metrics, clock)));
    } else {
      TopicLayout layout = config.topicLayout(false);
      add(new TopicsService("topics", kafka, layout, partitionsConfigured, _ -> true, notices));
    }
    if (which.contains(Part.CONTROL)) {
      control(config, kafka, topics, groups, embedded, end, clock);
    }
    if (which.contains(Part.SINKS)) {
      sinks =
          add(
              new Sinks(
                  config.sinks(),
                  kafka,
                  topics,
                  groups,
                  instanceOf(config, embedded),
                  metrics,
                  clock));
      oldestPending.add(sinks::oldestPendingUnixMilli);
    }
    if (which.contains(Part.PROCESSORS)) {
      RuleSetIndex index = new RuleSetIndex(config.rules(), kafka, topics, metrics, clock);
      int maxRecordBytes = config.maxRecordBytes();
      var traces =
          Traces.path(
              config.traces(), kafka, topics, groups, index, metrics, maxRecordBytes, clock);
      Processors processors =
          add(
              new Processors(
                  config.processors(),
                  kafka,
                  topics,
                  groups,
                  index,
                  metrics,
                  maxRecordBytes,
                  clock,
                  List.of(traces)));
      rules = index;
      oldestPending.add(processors::oldestPendingUnixMilli);
    }
    if (which.contains(Part.COLLECTOR)) {
      collector = add(new Collector(config.collector(), kafka, topics, gate, metrics, clock));
    }
    services = new Services(inOrder());
    status =
        new StatusReader(
            new FlowReport(metrics),
            which.stream().map(Part::stage).collect(Collectors.toSet()),
            sinksBySignal(config),
            oldestPending,
            clock);
  }

  /**
   * What one process of an installation does. In a cluster several may be there for it, and a Lease
   * says which one works; with a Kafka of its own a process is alone.
   */
  private void control(
      MusaConfig config,
      KafkaConfig kafka,
      Topics topics,
      Groups groups,
      boolean embedded,
      Runnable end,
      InstantSource clock) {
    boolean inCluster = KubernetesWatch.isInCluster();
    String identity = System.getenv().getOrDefault("HOSTNAME", UUID.randomUUID().toString());
    List<Service> work = new ArrayList<>();
    DirectoryListener listener = (_, _) -> {};
    if (config.kubernetes().hasRulesEvents(inCluster)) {
      RulesEvents events = new RulesEvents(config.kubernetes(), identity, metrics, clock);
      work.add(events);
      listener = events::tell;
    }
    RulePublisher rulePublisher =
        new RulePublisher(config.rules(), kafka, topics, listener, metrics, clock);
    LedgerKeeper keeper = new LedgerKeeper(kafka, topics, metrics);
    publisher = rulePublisher;
    admin.route("/ledger", keeper::answer);
    work.add(rulePublisher);
    work.add(keeper);
    work.add(
        new GroupLag(kafka, SinkNames.readers(config.sinks(), topics, groups), metrics, clock));
    if (config.kubernetes().isOn(inCluster)) {
      work.add(
          new KubernetesWatch(
              config.kubernetes(), kafka, topics, config.rawRetention(), metrics, clock));
    }
    if (config.kubernetes().hasScaleDown(inCluster)) {
      List<String> ofProcessors = List.of(groups.traces(), groups.streams());
      work.add(new ScaleDown(config.kubernetes(), kafka, ofProcessors, metrics));
    }
    if (config.kubernetes().hasLease(inCluster, embedded)) {
      add(new Leadership(config.kubernetes(), identity, work, end, metrics));
    } else {
      work.forEach(this::add);
      if (embedded) {
        // The intake needs the rules alone, and the others' topics are made beside it.
        beside.addAll(work.subList(work.indexOf(rulePublisher) + 1, work.size()));
      }
    }
  }

  /** On a node of its own there is no other; else as configured or kept with the data. */
  private String instanceOf(MusaConfig config, boolean embedded) {
    if (embedded) {
      return "local";
    }
    instance =
        Instance.claim(
            config.processors().instance(), config.data().resolve("sinks"), System.getenv());
    return instance.id();
  }

  /** Returns once everything does its work. */
  void start() {
    services.start();
  }

  /** Lets {@link #start()} fail soon if it still runs. */
  void cancelStart() {
    services.cancelStart();
  }

  /** Where this process listens, also where any port would do. */
  Ports ports() {
    Collector intake = collector;
    return new Ports(
        intake == null ? 0 : intake.grpcPort(),
        intake == null ? 0 : intake.httpPort(),
        admin.port(),
        health.port());
  }

  Status status() {
    return status.read(rulesInForce(), troubles());
  }

  /** The figures alone, also after everything is closed. */
  Status figures() {
    return status.read(rulesInForce(), List.of());
  }

  /** Drains and stops. */
  @Override
  public void close() {
    try (Instance _ = instance) {
      services.close();
      metrics.close();
    }
  }

  /** What the publisher or, without one, the index says, in words. */
  String rulesInForce() {
    RulePublisher publishing = publisher;
    RuleSetIndex reading = rules;
    if (publishing != null) {
      return publishing.status().replaceFirst("^rules:? ", "");
    }
    return reading == null ? "not followed by this part" : reading.newest().version();
  }

  private List<String> troubles() {
    List<String> troubles = new ArrayList<>();
    for (Service part : parts) {
      Health health = part.health();
      if (!health.ready() || health.detail().startsWith(Gate.SLOWED)) {
        troubles.add(part.name() + ": " + health.detail().replace("\n", "; "));
      }
    }
    if (areRulesRefused()) {
      troubles.add("the rules on disk are refused, the ones before stay in force");
    }
    Sinks delivering = sinks;
    if (delivering != null) {
      for (Health sink : delivering.healthBySink().values()) {
        if (sink.ready() && !sink.detail().endsWith(DELIVERS)) {
          troubles.add(sink.detail());
        }
      }
    }
    return troubles;
  }

  private boolean areRulesRefused() {
    Gauge valid = metrics.find("musa.rules.directory.valid").gauge();
    return valid != null && valid.value() == 0;
  }

  private Health health() {
    return services.health();
  }

  /**
   * Each waits for those before it, apart from those in one row. The rules come before the intake,
   * so that nothing passes without them at a first start; what the intake does not need starts
   * beside it.
   */
  private List<Service> inOrder() {
    List<Service> rows = new ArrayList<>();
    List<Service> chain = new ArrayList<>();
    List<Service> readers = new ArrayList<>();
    List<Service> last = new ArrayList<>();
    for (Service part : parts) {
      switch (part) {
        case Sinks _, Processors _ -> readers.add(part);
        case Collector _ -> last.add(part);
        default -> (beside.contains(part) ? chain : rows).add(part);
      }
    }
    if (!readers.isEmpty()) {
      chain.add(new Together(readers));
    }
    if (!chain.isEmpty()) {
      last.addFirst(chain.size() == 1 ? chain.getFirst() : new InTurn(chain));
    }
    if (!last.isEmpty()) {
      rows.add(new Together(last));
    }
    return rows;
  }

  /** What stands between a sender and its answer, and what is known before anything is taken. */
  private static Set<String> topicsOfIntake(Topics topics) {
    return Stream.concat(Arrays.stream(Signal.values()).map(topics::raw), Stream.of(topics.rules()))
        .collect(Collectors.toSet());
  }

  private <T extends Service> T add(T part) {
    parts.add(part);
    return part;
  }

  private static Map<Signal, List<String>> sinksBySignal(MusaConfig config) {
    Map<Signal, List<String>> names = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      names.put(signal, SinkNames.of(config.sinks(), signal));
    }
    return names;
  }
}
