package dev.musa.collector;

import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Gate;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** OTLP to Kafka. {@link Intake} is the path of a request. */
public final class Collector implements Service {
  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  /** How long a start waits for Kafka; after that the collector refuses until Kafka is there. */
  private static final Duration WAIT_FOR_KAFKA = Duration.ofSeconds(5);

  private static final Duration FIRST_REFRESH_INTERVAL = Duration.ofMillis(20);
  private static final Duration REFRESH_INTERVAL = Duration.ofSeconds(1);
  private static final Duration LEAST_FLUSH = Duration.ofMillis(500);

  private final CollectorConfig config;
  private final Gate gate;
  private final LongSupplier nanoClock;
  private final KafkaPublisher publisher;
  private final Intake intake;
  private final GrpcListener grpc;
  private final HttpListener http;
  private final ScheduledExecutorService upkeep;
  private volatile State state = State.NEW;
  private @Nullable Recorder recorder;

  private enum State {
    NEW,
    STARTED,
    CLOSED
  }

  /**
   * @param gate while it is shut, everything is refused as retryable with its reason
   */
  public Collector(
      CollectorConfig config,
      KafkaConfig kafka,
      Topics topics,
      Gate gate,
      MeterRegistry registry,
      InstantSource clock) {
    this(
        config,
        () ->
            new KafkaProducer<>(
                ProducerSettings.of(config, kafka.producerProperties("musa-collector"))),
        topics,
        gate,
        registry,
        clock,
        System::nanoTime);
  }

  Collector(
      CollectorConfig config,
      Supplier<Producer<byte[], byte[]>> producers,
      Topics topics,
      Gate gate,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanoClock) {
    this.config = config;
    this.gate = gate;
    this.nanoClock = nanoClock;
    ByteBudget budget = new ByteBudget(config.inFlightBytes().bytes());
    IntakeMetrics metrics = new IntakeMetrics(registry, config.tenant(), budget);
    publisher =
        new KafkaPublisher(
            producers,
            topics,
            config.linger(),
            (int) config.maxRecordBytes().bytes(),
            metrics,
            nanoClock);
    SplitterPool splitters =
        new SplitterPool(
            2 * Runtime.getRuntime().availableProcessors(),
            signal ->
                new RequestSplitter(
                    signal, config.tenant(), (int) config.maxRecordBytes().bytes()));
    intake = new Intake(config, gate, budget, splitters, publisher, metrics, clock);
    BodyReader bodies = new BodyReader((int) config.maxRequestBytes().bytes());
    RetryAdvice advice = new RetryAdvice(config.retryAfter(), ThreadLocalRandom::current);
    grpc = new GrpcListener(config, new GrpcEdge(intake, bodies, metrics, advice, nanoClock));
    http =
        new HttpListener(
            config.http(),
            new HttpExportHandler(
                new HttpExport(intake, bodies),
                metrics,
                advice,
                config.readTimeout(),
                config.maxRequestBytes().bytes(),
                nanoClock));
    upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("collector-upkeep").daemon().factory());
  }

  @Override
  public String name() {
    return "collector";
  }

  @Override
  public void start() {
    Path file = config.recording().file();
    if (file != null) {
      recorder = new Recorder(config.recording(), file);
      intake.record(recorder::take);
    }
    checkPlaintext(GrpcListener.KEY, config.grpc());
    checkPlaintext(HttpListener.KEY, config.http());
    publisher.start();
    grpc.start();
    http.start();
    if (!awaitKafka()) {
      log.atWarn()
          .addKeyValue("reason", publisher.hindrance())
          .log("the collector listens, but refuses everything until Kafka is there");
    }
    state = State.STARTED;
    refresh();
    var _ =
        upkeep.scheduleWithFixedDelay(
            this::refresh,
            REFRESH_INTERVAL.toMillis(),
            REFRESH_INTERVAL.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void checkPlaintext(String key, CollectorConfig.Endpoint endpoint) {
    if (endpoint.isLoopback()) {
      return;
    }
    if (!config.insecure()) {
      throw new StartupException(
          key
              + ".host: "
              + endpoint.host()
              + " is not loopback (expected: 127.0.0.1; or set collector.insecure: true to serve"
              + " plaintext to the network)");
    }
    log.atWarn()
        .addKeyValue("listener", key)
        .addKeyValue("host", endpoint.host())
        .log("plaintext is served to the network, to anybody who can reach it");
  }

  private boolean awaitKafka() {
    long deadline = nanoClock.getAsLong() + WAIT_FOR_KAFKA.toNanos();
    try {
      do {
        publisher.refresh();
        if (publisher.awaitReached(FIRST_REFRESH_INTERVAL)) {
          return true;
        }
      } while (deadline - nanoClock.getAsLong() > 0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void refresh() {
    try {
      publisher.refresh();
      grpc.refresh(health().ready());
    } catch (RuntimeException e) {
      // An exception would end the schedule.
      log.atError().setCause(e).log("the collector's upkeep failed, it goes on in a second");
    }
  }

  Intake intake() {
    return intake;
  }

  /** The port of the gRPC listener; the one it was given if the configured one is 0. */
  public int grpcPort() {
    return grpc.port();
  }

  /** The port of the HTTP listener; the one it was given if the configured one is 0. */
  public int httpPort() {
    return http.port();
  }

  @Override
  public Health health() {
    if (state != State.STARTED) {
      return Health.notReady(state == State.NEW ? "not started yet" : "stopping");
    }
    String hindrance = publisher.hindrance();
    return hindrance == null ? gate.health() : Health.notReady(hindrance);
  }

  /** Takes nothing new, lets what is in flight end within the drain timeout, then ends the rest. */
  @Override
  public void close() {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    upkeep.shutdownNow();
    long deadline = nanoClock.getAsLong() + config.drainTimeout().toNanos();
    intake.stopAdmitting();
    grpc.stopAccepting();
    http.close(left(deadline));
    grpc.close(left(deadline));
    Duration flush = left(deadline);
    publisher.close(flush.compareTo(LEAST_FLUSH) > 0 ? flush : LEAST_FLUSH);
    Recorder recording = recorder;
    if (recording != null) {
      recording.close();
    }
  }

  private Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - nanoClock.getAsLong()));
  }
}
