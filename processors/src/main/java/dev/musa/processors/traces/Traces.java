package dev.musa.processors.traces;

import dev.musa.processors.PathService;
import dev.musa.processors.Shared;
import dev.musa.processors.enrich.PodIndex;
import dev.musa.processors.stages.Limits;
import dev.musa.processors.stages.UnitOfWork;
import dev.musa.rules.RuleSetIndex;
import dev.musa.runtime.kafka.GroupOffsets;
import dev.musa.runtime.kafka.KafkaAdmin;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.schemas.Groups;
import dev.musa.schemas.Signal;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The trace loops of this process. */
public final class Traces implements Service {
  private static final Logger log = LoggerFactory.getLogger(Traces.class);

  private static final Duration PROMPT_STOP = Duration.ofSeconds(6);
  private static final Duration FORCED_STOP = Duration.ofSeconds(2);

  private final KafkaConfig kafka;
  private final Topics topics;
  private final Groups groups;
  private final List<TracesLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  /**
   * @param instance unique among the processes of the group, the same again after a restart
   * @param flow takes counts of committed transactions
   * @param maxRecordBytes the largest value to write
   */
  public Traces(
      TracesConfig config,
      KafkaConfig kafka,
      Topics topics,
      Groups groups,
      String instance,
      RuleSets rules,
      Limits limits,
      PodIndex pods,
      UnitOfWork.CountSink flow,
      MeterRegistry metrics,
      int maxRecordBytes,
      InstantSource clock) {
    this.kafka = kafka;
    this.topics = topics;
    this.groups = groups;
    LoopCounters counters = LoopCounters.of(flow, metrics);
    for (int i = 0; i < config.threads(); i++) {
      TraceClients clients =
          new TraceClients(kafka, groups.traces(), instance + "-" + i, maxRecordBytes);
      loops.add(
          new TracesLoop(
              new LoopParts(
                  config,
                  topics,
                  rules,
                  limits,
                  pods,
                  clients,
                  counters,
                  maxRecordBytes,
                  System::nanoTime,
                  clock,
                  new SplittableRandom())));
    }
    gauge(metrics, "waiting.traces", "Traces that wait for a decision", LoopStatus::waitingTraces);
    gauge(
        metrics,
        "remembered.traces",
        "Decided traces that late spans can follow",
        LoopStatus::rememberedTraces);
  }

  /** As one of the paths that {@code Processors} runs. */
  public static Function<Shared, PathService> path(
      TracesConfig config,
      KafkaConfig kafka,
      Topics topics,
      Groups groups,
      RuleSetIndex rules,
      MeterRegistry metrics,
      int maxRecordBytes,
      InstantSource clock) {
    return shared -> {
      Traces traces =
          new Traces(
              config,
              kafka,
              topics,
              groups,
              shared.instance(),
              RuleSets.of(rules),
              shared.limits(),
              shared.pods(),
              shared.counters(),
              metrics,
              maxRecordBytes,
              clock);
      return new PathService(traces, traces::oldestPendingUnixMilli);
    };
  }

  @Override
  public String name() {
    return "traces";
  }

  /** Returns once the threads run; {@link #health} tells when they have joined their group. */
  @Override
  public void start() {
    try (Admin admin = KafkaAdmin.connect(kafka, groups.traces() + "-start")) {
      GroupOffsets.initialise(admin, groups.traces(), List.of(topics.raw(Signal.TRACES)));
    }
    for (int i = 0; i < loops.size(); i++) {
      threads.add(Thread.ofPlatform().name("traces-" + i).start(loops.get(i)));
    }
  }

  @Override
  public void close() {
    loops.forEach(TracesLoop::stop);
    try {
      for (Thread thread : threads) {
        if (!thread.join(PROMPT_STOP)) {
          log.atWarn().addKeyValue("thread", thread.getName()).log("does not stop, interrupted");
          thread.interrupt();
          thread.join(FORCED_STOP);
        }
      }
    } catch (InterruptedException e) {
      threads.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    threads.clear();
  }

  @Override
  public Health health() {
    for (TracesLoop loop : loops) {
      Health health = loop.status().health();
      if (!health.ready()) {
        return health;
      }
    }
    return Health.ok();
  }

  /** Record time of the oldest raw record in work; {@code Long.MAX_VALUE} if there is none. */
  public long oldestPendingUnixMilli() {
    return loops.stream()
        .mapToLong(loop -> loop.status().oldestPendingUnixMilli())
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private void gauge(
      MeterRegistry metrics, String name, String description, ToLongFunction<LoopStatus> value) {
    Gauge.builder(
            "musa.sampler." + name,
            loops,
            all -> (double) all.stream().mapToLong(loop -> value.applyAsLong(loop.status())).sum())
        .description(description)
        .register(metrics);
  }
}
