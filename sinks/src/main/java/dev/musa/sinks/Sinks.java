package dev.musa.sinks;

import dev.musa.runtime.kafka.GroupOffsets;
import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.lifecycle.SteadyClock;
import dev.musa.runtime.metrics.FlowCounters;
import dev.musa.runtime.retry.Backoff;
import dev.musa.runtime.tls.CertificateExpiry;
import dev.musa.runtime.tls.TlsConfig;
import dev.musa.runtime.tls.TlsFiles;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.sinks.backend.Backend;
import dev.musa.sinks.backend.Backends;
import dev.musa.sinks.files.FilesBackend;
import dev.musa.sinks.flow.DeadLetters;
import dev.musa.sinks.flow.Delivery;
import dev.musa.sinks.flow.Flow;
import dev.musa.sinks.flow.Limits;
import dev.musa.sinks.flow.Pause;
import dev.musa.sinks.flow.RequestSize;
import dev.musa.sinks.flow.SinkStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Delivers processed telemetry to the backends: one {@link SinkRunner} per sink, each with its own
 * consumer group, thread and backend.
 */
public final class Sinks implements Service {
  private static final Pause SLEEP = Thread::sleep;
  private static final Duration FIRST_PROBE = Duration.ofSeconds(5);

  private final SinksConfig config;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final Groups groups;
  private final String instance;
  private final MeterRegistry registry;
  private final InstantSource clock;
  private final Random random = new Random();
  private final List<Part> parts = new ArrayList<>();
  private boolean closed;

  /** A sink that runs. */
  private record Part(SinkRunner runner, Backend backend, SinkMeters meters) {}

  /**
   * @param instance id of this process for static group membership, unique among those that share
   *     the sinks' groups
   */
  public Sinks(
      SinksConfig config,
      KafkaConfig kafka,
      Topics topics,
      Groups groups,
      String instance,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.kafka = kafka;
    this.topics = topics;
    this.groups = groups;
    this.instance = instance;
    this.registry = registry;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "sinks";
  }

  @Override
  public void start() {
    boolean started = false;
    try {
      sinks().forEach((name, sink) -> parts.add(build(name, sink)));
      startSideBySide();
      started = true;
    } finally {
      if (!started) {
        close();
      }
    }
  }

  /** Each waits for Kafka a few times before it begins. */
  private void startSideBySide() {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var starts = new ArrayList<CompletableFuture<?>>();
      for (var part : parts) {
        starts.add(CompletableFuture.runAsync(part.runner()::start, executor));
      }
      for (var start : starts) {
        start.join();
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof StartupException cause ? cause : e;
    }
  }

  /** Every sink there is: what it takes, how large its requests are, and where they go. */
  private Map<String, Sink> sinks() {
    Map<String, Sink> sinks = new LinkedHashMap<>();
    var tempo = config.tempo();
    var loki = config.loki();
    var prometheus = config.prometheus();
    if (config.filesEnabled()) {
      sinks.put("files", new Sink(all(), 1 << 20, null, _ -> new FilesBackend(config.files())));
    }
    if (tempo.endpoint() != null) {
      int size = (int) tempo.maxRequest().bytes();
      sinks.put(
          "tempo",
          new Sink(List.of(Signal.TRACES), size, tempo.tls(), tls -> Backends.tempo(tempo, tls)));
    }
    if (loki.endpoint() != null) {
      int size = (int) loki.maxRequest().bytes();
      sinks.put(
          "loki",
          new Sink(List.of(Signal.LOGS), size, loki.tls(), tls -> Backends.loki(loki, tls, clock)));
    }
    if (prometheus.endpoint() != null) {
      int size = (int) prometheus.maxRequest().bytes();
      sinks.put(
          "prometheus",
          new Sink(
              List.of(Signal.METRICS),
              size,
              prometheus.tls(),
              tls -> Backends.prometheus(prometheus, tls, clock)));
    }
    for (var otlp : config.otlp()) {
      int size = (int) otlp.maxRequest().bytes();
      sinks.put(
          otlp.name(),
          new Sink(otlp.signals(), size, otlp.tls(), tls -> Backends.otlp(otlp, tls, clock)));
    }
    return sinks;
  }

  private record Sink(
      List<Signal> signals,
      int requestBytes,
      @Nullable TlsConfig tls,
      Function<@Nullable TlsFiles, Backend> backend) {}

  private static List<Signal> all() {
    return List.of(Signal.values());
  }

  private Part build(String name, Sink sink) {
    var delivery = config.delivery();
    var retries = new Backoff(delivery.retryInitial(), delivery.retryMax(), random);
    var probes = new Backoff(min(FIRST_PROBE, delivery.probeMax()), delivery.probeMax(), random);
    var steady = SteadyClock.from(clock);
    var status = new SinkStatus(name, steady, probes::next, SLEEP);
    var meters = new SinkMeters(registry, name, status, clock);
    var size = new RequestSize(sink.requestBytes());
    var tls = TlsFiles.of(sink.tls());
    CertificateExpiry.report(registry, "sink:" + name, tls);
    var backend = sink.backend().apply(tls);
    var deliveries =
        new Delivery(
            backend,
            new DeadLetters(topics.deadLetter(), name),
            status,
            size,
            retries::next,
            SLEEP,
            meters);
    var limits =
        new Limits(
            sink.requestBytes(),
            delivery.linger(),
            delivery.inFlight(),
            delivery.concurrency(),
            delivery.buffer().bytes(),
            delivery.window().bytes());
    var counters = new FlowCounters(registry, "sink:" + name);
    Map<String, Signal> sources = new HashMap<>();
    Set<String> redriven = new HashSet<>();
    for (var signal : sink.signals()) {
      sources.put(topics.processed(signal), signal);
      sources.put(topics.redrive(signal), signal);
      redriven.add(topics.redrive(signal));
    }
    var group = groups.sink(name);
    var runner =
        new SinkRunner(
            name,
            () -> initialiseOffsets(group, sources),
            () -> KafkaClients.consumer(kafka, group, instance + "-" + name),
            consumer -> {
              var flow = new Flow(limits, size::target, backend::orgId);
              var producer = KafkaClients.producer(kafka, group + "-" + instance);
              return new SinkLoop(
                  consumer,
                  sources,
                  new Addressee(name, redriven),
                  flow,
                  new Commits(consumer, producer, topics.ledger(), name, flow, steady),
                  deliveries,
                  counters,
                  meters,
                  steady,
                  () -> status.stopped() != null || status.retrying() != null);
            },
            status,
            retries,
            delivery.drain());
    return new Part(runner, backend, meters);
  }

  private void initialiseOffsets(String group, Map<String, Signal> sources) {
    try (var admin = KafkaAdmin.connect(kafka, group + "-offsets")) {
      GroupOffsets.initialise(admin, group, sources.keySet());
    }
  }

  /** Drains the sinks side by side, then closes their backends. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    parts.forEach(part -> part.runner().stop());
    parts.forEach(part -> part.runner().close());
    parts.forEach(part -> part.backend().close());
  }

  /**
   * Ready while every sink can read Kafka. A backend in trouble is told in the detail only, so that
   * it never takes the intake of this process out of service.
   */
  @Override
  public Health health() {
    var detail = new StringBuilder();
    boolean ready = true;
    for (var health : healthBySink().values()) {
      ready &= health.ready();
      detail.append(detail.isEmpty() ? "" : "; ").append(health.detail());
    }
    return new Health(ready, detail.isEmpty() ? "not started" : detail.toString());
  }

  public Map<String, Health> healthBySink() {
    Map<String, Health> healths = new LinkedHashMap<>();
    for (var part : parts) {
      healths.put(part.runner().name(), part.runner().health());
    }
    return healths;
  }

  /** When the oldest record that a sink holds came in, {@link Long#MAX_VALUE} if none holds any. */
  public long oldestPendingUnixMilli() {
    long oldest = Long.MAX_VALUE;
    for (var part : parts) {
      oldest = Math.min(oldest, part.meters().oldestPendingUnixMilli());
    }
    return oldest;
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
