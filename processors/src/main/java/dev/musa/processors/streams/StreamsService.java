package dev.musa.processors.streams;

import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.Outcomes;
import dev.musa.processors.stages.UnitOfWork.CountSink;
import dev.musa.rules.RuleSet;
import dev.musa.runtime.kafka.ExpiredListener;
import dev.musa.runtime.kafka.GroupOffsets;
import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.SteadyClock;
import dev.musa.runtime.retry.Backoff;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import dev.musa.schemas.ledger.Account;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** Runs the paths of logs and metrics as one Kafka Streams application. */
public final class StreamsService implements Service {
  private static final List<Signal> SIGNALS = List.of(Signal.LOGS, Signal.METRICS);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final StreamsSettings settings;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final CountSink counters;
  private final Backlog backlog = new Backlog();
  private final Transactions transactions;
  private final StreamsApp app;

  /**
   * @param paths each adds its part to the topology
   * @param rulesAt the rule set in force at a record's timestamp
   */
  public StreamsService(
      StreamsSettings settings,
      KafkaConfig kafka,
      Topics topics,
      List<BiConsumer<Topology, PathParts>> paths,
      LongFunction<RuleSet> rulesAt,
      Limits limits,
      CountSink counters,
      MeterRegistry metrics,
      InstantSource clock) {
    this.settings = settings;
    this.kafka = kafka;
    this.topics = topics;
    this.counters = counters;
    this.transactions = new Transactions(counters);
    PathParts parts =
        new PathParts(topics, rulesAt, limits, transactions, settings.maxRecordBytes());
    this.app =
        new StreamsApp(
            () -> topology(paths, parts),
            () -> settings.properties(kafka.clientProperties(settings.clientId())),
            new Clients(transactions, backlog, countExpired(), topics.ledger()),
            metrics,
            new Backoff(FIRST_PAUSE, LONGEST_PAUSE, RandomGenerator.getDefault()),
            SteadyClock.from(clock));
  }

  @Override
  public String name() {
    return app.name();
  }

  /** Returns once the application has begun to join its group; {@link #health} tells the rest. */
  @Override
  public void start() {
    try (Admin admin = KafkaAdmin.connect(kafka, settings.clientId() + "-start")) {
      transactions.beginAt(
          GroupOffsets.initialise(
              admin, settings.applicationId(), SIGNALS.stream().map(topics::raw).toList()));
    }
    app.start();
  }

  @Override
  public void close() {
    app.close();
  }

  @Override
  public Health health() {
    return app.health();
  }

  /**
   * Timestamp of the oldest record that was fetched and is not committed, {@link Long#MAX_VALUE} if
   * there is none.
   */
  public long oldestPendingUnixMilli() {
    return backlog.oldestUnixMilli();
  }

  private static Topology topology(List<BiConsumer<Topology, PathParts>> paths, PathParts parts) {
    Topology topology = new Topology();
    paths.forEach(path -> path.accept(topology, parts));
    return topology;
  }

  /** Nobody can say whose the deleted records were, or how many items they held. */
  private ExpiredListener countExpired() {
    return (partition, from, to) -> {
      @Nullable Signal signal = signalOf(partition.topic());
      if (signal != null) {
        counters.count("", signal.label(), Outcomes.EXPIRED, "", to - from, 0);
        transactions
            .current()
            .expired(
                new Account(Account.PROCESSORS, signal, partition.topic(), partition.partition()),
                from,
                to);
      }
    };
  }

  private @Nullable Signal signalOf(String topic) {
    return SIGNALS.stream()
        .filter(signal -> topics.raw(signal).equals(topic))
        .findFirst()
        .orElse(null);
  }
}
