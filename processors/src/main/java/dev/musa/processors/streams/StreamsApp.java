package dev.musa.processors.streams;

import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaClientSupplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a topology until it is closed. After a failure the whole client is started anew, with
 * back-off: a single replaced thread would join the group under a new name, while its partitions
 * stayed with the old one until that one's session ends.
 */
final class StreamsApp implements Service {
  private static final Logger log = LoggerFactory.getLogger(StreamsApp.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(8);

  /** Having run so long, the next failure is a new one. */
  private static final Duration HEALED = Duration.ofMinutes(2);

  private final Supplier<Topology> topology;
  private final Supplier<Properties> properties;
  private final KafkaClientSupplier clients;
  private final MeterRegistry metrics;
  private final Backoff backoff;
  private final InstantSource clock;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicReference<Health> health =
      new AtomicReference<>(Health.notReady("streams: not started"));
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final AtomicReference<@Nullable Run> current = new AtomicReference<>();
  private @Nullable Thread supervisor;

  StreamsApp(
      Supplier<Topology> topology,
      Supplier<Properties> properties,
      KafkaClientSupplier clients,
      MeterRegistry metrics,
      Backoff backoff,
      InstantSource clock) {
    this.topology = topology;
    this.properties = properties;
    this.clients = clients;
    this.metrics = metrics;
    this.backoff = backoff;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public void start() {
    Run first;
    try {
      first = new Run();
    } catch (KafkaException e) {
      throw new StartupException(
          "processors: Kafka Streams cannot start: "
              + e.getMessage()
              + "; check kafka and processors in the configuration",
          e);
    }
    supervisor = Thread.ofPlatform().name("streams-supervisor").start(() -> supervise(first));
  }

  @Override
  public void close() {
    closing.countDown();
    Run run = current.get();
    if (run != null) {
      run.failed.complete(false);
    }
    Thread running = supervisor;
    if (running != null) {
      boolean interrupted = false;
      while (running.isAlive()) {
        try {
          running.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Health health() {
    return health.get();
  }

  private void supervise(Run first) {
    @Nullable Run run = first;
    int failures = 0;
    while (run != null) {
      Instant started = clock.instant();
      boolean failed = run.untilItEnds();
      if (!failed) {
        return;
      }
      failures = clock.instant().isAfter(started.plus(HEALED)) ? 1 : failures + 1;
      run = again(failures);
    }
  }

  /** A new run after a pause, or null if the app is closed meanwhile. */
  private @Nullable Run again(int failures) {
    int attempt = failures - 1;
    while (true) {
      Duration pause = backoff.next(attempt++);
      Throwable cause = failure.get();
      log.atError()
          .addKeyValue("pause", pause)
          .setCause(log.isDebugEnabled() ? cause : null)
          .log("Kafka Streams failed ({}); starting it again", rootOf(cause));
      health.set(Health.notReady("streams: starting again after: " + rootOf(cause)));
      if (closingWithin(pause)) {
        return null;
      }
      try {
        return new Run();
      } catch (KafkaException e) {
        failure.set(e);
      }
    }
  }

  private boolean closingWithin(Duration pause) {
    try {
      return closing.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static String rootOf(@Nullable Throwable failure) {
    Throwable root = failure;
    while (root != null && root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root);
  }

  /** One life of the Streams client. */
  private final class Run {
    private final KafkaStreams streams;
    private final KafkaStreamsMetrics meters;

    /** How it ended: by a failure, or because the app is closed. */
    private final CompletableFuture<Boolean> failed = new CompletableFuture<>();

    Run() {
      streams = new KafkaStreams(topology.get(), properties.get(), clients);
      meters = new KafkaStreamsMetrics(streams);
      meters.bindTo(metrics);
      streams.setUncaughtExceptionHandler(exception -> {
        failure.set(exception);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
      });
      streams.setStateListener(this::follow);
      streams.start();
    }

    private void follow(State state, State before) {
      switch (state) {
        case RUNNING -> health.set(Health.ok());
        case CREATED, REBALANCING ->
            health.set(Health.notReady("streams: waiting for its partitions"));
        case PENDING_SHUTDOWN -> health.set(Health.notReady("streams: closing"));
        case PENDING_ERROR -> health.set(Health.notReady("streams: failed"));
        case ERROR, NOT_RUNNING -> failed.complete(true);
      }
    }

    /** Waits for a failure or for {@link StreamsApp#close}; true if it failed. */
    boolean untilItEnds() {
      current.set(this);
      if (closing.getCount() == 0) {
        failed.complete(false);
      }
      boolean hasFailed = failed.join();
      meters.close();
      boolean clean =
          streams.close(
              CloseOptions.timeout(CLOSE_TIMEOUT)
                  .withGroupMembershipOperation(
                      CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP));
      if (!clean) {
        log.atWarn()
            .addKeyValue("timeout", CLOSE_TIMEOUT)
            .log("Kafka Streams did not close in time");
      }
      return hasFailed;
    }
  }
}
