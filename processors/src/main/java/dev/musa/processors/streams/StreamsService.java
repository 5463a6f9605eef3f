package dev.musa.processors.streams;

import dev.musa.processors.enrich.PodIndex;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.Topology;

/** Runs the paths of logs and metrics as one Kafka Streams application. */
public final class StreamsService implements Service {
  private static final List<Signal> SIGNALS = List.of(Signal.LOGS, Signal.METRICS);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final StreamsSettings settings;
  private final KafkaConfig kafka;
  private final Topics topics;
  private final CountSink counters;
  private final InstantSource clock;
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
      PodIndex pods,
      CountSink counters,
      MeterRegistry metrics,
      InstantSource clock) {
    this.settings = settings;
    this.kafka = kafka;
    this.topics = topics;
    this.counters = counters;
    this.clock = clock;
    this.transactions = new Transactions(counters);
    PathParts parts =
        new PathParts(
            topics, rulesAt, limits, transactions, pods, clock, settings.maxRecordBytes());
    this.app =
        new StreamsApp(
            () -> topology(paths, parts),
            () -> settings.properties(kafka.clientProperties(settings.clientId())),
            new Clients(transactions, backlog, this::heldBack, countExpired(), topics.ledger()),
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
              admin,
              settings.applicationId(),
              SIGNALS.stream()
                  .flatMap(signal -> Stream.of(topics.raw(signal), topics.waiting(signal)))
                  .toList()));
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
      for (Signal signal : SIGNALS) {
        if (partition.topic().equals(topics.raw(signal))) {
          expired(Account.PROCESSORS, signal, partition, from, to);
        } else if (partition.topic().equals(topics.waiting(signal))) {
          expired(Account.WAITING, signal, partition, from, to);
        }
      }
    };
  }

  private void expired(String stage, Signal signal, TopicPartition partition, long from, long to) {
    counters.count("", signal.label(), Outcomes.EXPIRED, "", to - from, 0);
    transactions
        .current()
        .expired(new Account(stage, signal, partition.topic(), partition.partition()), from, to);
  }

  private HeldBack heldBack() {
    return new HeldBack(
        SIGNALS.stream().map(topics::waiting).collect(Collectors.toSet()), clock, System::nanoTime);
  }
}
