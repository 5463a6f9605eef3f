package dev.musa.processors;

import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.logs.LogsPath;
import dev.musa.processors.metrics.MetricsPath;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.streams.StreamsService;
import dev.musa.processors.streams.StreamsSettings;
import dev.musa.rules.RuleSetIndex;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.Services;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From raw to processed topics: logs and metrics by Kafka Streams, and what else is given, under
 * the rules in force.
 */
public final class Processors implements Service {
  private final ProcessorsConfig config;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final Groups groups;
  private final RuleSetIndex rules;
  private final MeterRegistry metrics;
  private final int maxRecordBytes;
  private final InstantSource clock;
  private final List<Function<Shared, PathService>> others;

  private volatile @Nullable Running running;

  /**
   * @param rules started and closed with this
   * @param maxRecordBytes the largest value to write: what the topics take, less some for headers
   * @param clock what everything here tells the time by
   * @param others makes the services for what Streams does not carry
   */
  public Processors(
      ProcessorsConfig config,
      KafkaConfig kafka,
      Topics topics,
      Groups groups,
      RuleSetIndex rules,
      MeterRegistry metrics,
      int maxRecordBytes,
      InstantSource clock,
      List<Function<Shared, PathService>> others) {
    this.config = config;
    this.kafka = kafka;
    this.topics = topics;
    this.groups = groups;
    this.rules = rules;
    this.metrics = metrics;
    this.maxRecordBytes = maxRecordBytes;
    this.clock = clock;
    this.others = List.copyOf(others);
    Gauge.builder("musa.processors.oldest.pending", this, Processors::oldestPendingSeconds)
        .description("Age of the oldest record that is read and not processed")
        .baseUnit("seconds")
        .register(metrics);
  }

  @Override
  public String name() {
    return "processors";
  }

  @Override
  public void start() {
    Instance instance = Instance.claim(config.instance(), config.stateDir(), System.getenv());
    try {
      running = start(instance);
    } catch (RuntimeException e) {
      instance.close();
      throw e;
    }
  }

  @Override
  public void close() {
    Running ending = running;
    running = null;
    if (ending != null) {
      try (Instance _ = ending.instance) {
        ending.services.close();
      }
    }
  }

  @Override
  public Health health() {
    Running now = running;
    return now == null ? Health.notReady("processors: not started") : now.services.health();
  }

  /**
   * Append time of the oldest record that is read and not processed; {@link Long#MAX_VALUE} if
   * nothing is pending.
   */
  public long oldestPendingUnixMilli() {
    Running now = running;
    return now == null
        ? Long.MAX_VALUE
        : now.paths.stream()
            .mapToLong(path -> path.oldestPendingUnixMilli().getAsLong())
            .min()
            .orElse(Long.MAX_VALUE);
  }

  private double oldestPendingSeconds() {
    long oldest = oldestPendingUnixMilli();
    return oldest == Long.MAX_VALUE ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
  }

  private Running start(Instance instance) {
    PodIndex pods = new PodIndex(config.kubernetes(), kafka, topics, metrics, clock);
    Shared shared =
        new Shared(
            instance.id(),
            config.stateDir(),
            new Limits(metrics, config.limitKeys()),
            pods,
            new Counters(metrics));
    List<PathService> paths = new ArrayList<>();
    paths.add(logsAndMetrics(shared));
    others.forEach(other -> paths.add(other.apply(shared)));
    Services services =
        new Services(
            Stream.concat(Stream.of(rules, pods), paths.stream().map(PathService::service))
                .toList());
    services.start();
    return new Running(instance, services, paths);
  }

  private PathService logsAndMetrics(Shared shared) {
    StreamsService streams =
        new StreamsService(
            new StreamsSettings(
                groups.streams(),
                shared.instance(),
                shared.stateDir().resolve("streams"),
                config.threads(),
                config.commitInterval(),
                maxRecordBytes),
            kafka,
            topics,
            List.of(
                LogsPath::addTo,
                MetricsPath::addTo,
                // Behind the others, whose tasks are numbered by their order.
                LogsPath::addWaitingTo,
                MetricsPath::addWaitingTo),
            rules::at,
            shared.limits(),
            shared.pods(),
            shared.counters(),
            metrics,
            clock);
    return new PathService(streams, streams::oldestPendingUnixMilli);
  }

  private record Running(Instance instance, Services services, List<PathService> paths) {}
}
