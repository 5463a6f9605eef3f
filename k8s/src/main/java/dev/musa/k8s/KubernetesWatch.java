package dev.musa.k8s;

import dev.musa.runtime.kafka.FollowedTopic;
import dev.musa.runtime.kafka.KafkaConfig;
import dev.musa.runtime.lifecycle.Health;
import dev.musa.runtime.lifecycle.Service;
import dev.musa.runtime.lifecycle.StartupException;
import dev.musa.runtime.retry.Backoff;
import dev.musa.schemas.Topics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes what the Kubernetes API knows of the pods of one cluster, and goes on by itself after
 * whatever stops it: the API or Kafka that is away, or rights that are missing.
 */
public final class KubernetesWatch implements Service {
  private static final Logger logger = LoggerFactory.getLogger(KubernetesWatch.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final KubernetesConfig config;
  private final Supplier<KubernetesClient> connect;
  private final Supplier<MetadataLog> open;
  private final Supplier<FollowedTopic> read;
  private final Duration keep;
  private final InstantSource clock;
  private final Backoff retries =
      new Backoff(FIRST_RETRY, LONGEST_RETRY, RandomGenerator.getDefault());
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Counter published;
  private @Nullable Thread thread;
  private volatile @Nullable WatchSession session;
  private volatile @Nullable String trouble;

  /**
   * @param keep for how long the record of a pod that is gone may still be asked for: as long as
   *     raw telemetry is kept
   */
  public KubernetesWatch(
      KubernetesConfig config,
      KafkaConfig kafka,
      Topics topics,
      Duration keep,
      MeterRegistry registry,
      InstantSource clock) {
    this(
        config,
        () -> Clients.connect(config),
        () -> MetadataLog.open(kafka, topics, config.cluster()),
        () ->
            FollowedTopic.open(
                kafka.clientProperties("musa-kubernetes-restore"), topics.kubernetesMetadata()),
        keep,
        registry,
        clock);
  }

  KubernetesWatch(
      KubernetesConfig config,
      Supplier<KubernetesClient> connect,
      Supplier<MetadataLog> open,
      Supplier<FollowedTopic> read,
      Duration keep,
      MeterRegistry registry,
      InstantSource clock) {
    this.config = config;
    this.connect = connect;
    this.open = open;
    this.read = read;
    this.keep = keep;
    this.clock = clock;
    Gauge.builder("musa.kubernetes.pods", this, KubernetesWatch::pods)
        .description("pods that the Kubernetes API shows")
        .register(registry);
    Gauge.builder("musa.kubernetes.watching", this, watch -> watch.isWatching() ? 1 : 0)
        .description("1 while all that the Kubernetes API shows is published")
        .register(registry);
    published =
        Counter.builder("musa.kubernetes.published")
            .description("records of pods written to the metadata topic")
            .register(registry);
  }

  /** Whether this process runs in a pod that may ask the API. */
  public static boolean isInCluster() {
    return System.getenv("KUBERNETES_SERVICE_HOST") != null;
  }

  @Override
  public String name() {
    return "kubernetes";
  }

  /**
   * Begins to watch and does not wait for the first answer: nothing else needs it.
   *
   * @throws StartupException if the kubeconfig is not there
   */
  @Override
  public void start() {
    Path kubeconfig = config.kubeconfig();
    if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
      throw new StartupException(
          "kubernetes.kubeconfig is "
              + kubeconfig
              + ", which cannot be read (expected: a kubeconfig; leave it out inside of a"
              + " cluster)");
    }
    thread = Thread.ofPlatform().name("kubernetes").daemon().start(this::watch);
  }

  @Override
  public void close() {
    closing.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        if (!running.join(CLOSE_LIMIT)) {
          running.interrupt();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      thread = null;
    }
  }

  /** Ready whatever the API does: what is published stays, and everything else goes on. */
  @Override
  public Health health() {
    String problem = trouble;
    if (problem != null) {
      return Health.ok("cluster " + config.cluster() + " is not watched: " + problem);
    }
    return Health.ok(
        isWatching()
            ? "%d pods of cluster %s".formatted(pods(), config.cluster())
            : "listing cluster " + config.cluster());
  }

  boolean isWatching() {
    WatchSession now = session;
    return now != null && now.isWatching();
  }

  private int pods() {
    WatchSession now = session;
    return now == null ? 0 : now.pods();
  }

  private void watch() {
    int failures = 0;
    while (closing.getCount() > 0) {
      long before = System.nanoTime();
      try {
        watchOnce();
      } catch (InterruptedException _) {
        return;
      } catch (ProducerFencedException | InvalidProducerEpochException _) {
        // To go on would shut out the other one, and then it this one.
        trouble = "another process does (same Kafka, same topic prefix); stop one";
        logger.atError().addKeyValue("cluster", config.cluster()).log(trouble);
        return;
      } catch (RuntimeException e) {
        boolean lasted = System.nanoTime() - before > LONGEST_RETRY.toNanos();
        failures = lasted ? 0 : failures + 1;
        trouble = reason(e);
        logger.atWarn().setCause(e).addKeyValue("cluster", config.cluster()).log(trouble);
        if (!pause(retries.next(failures))) {
          return;
        }
      }
    }
  }

  private void watchOnce() throws InterruptedException {
    try (KubernetesClient client = connect.get();
        MetadataLog log = open.get();
        FollowedTopic reader = read.get()) {
      WatchSession begun = new WatchSession(client, config, log, keep, published, clock);
      session = begun;
      try {
        begun.run(
            reader,
            () -> {
              if (begun.isWatching()) {
                trouble = null;
              }
              return closing.getCount() > 0;
            });
      } finally {
        session = null;
      }
    }
  }

  private static String reason(RuntimeException e) {
    if (e instanceof KubernetesClientException refused
        && refused.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
      return "the Kubernetes API refuses ("
          + refused.getMessage()
          + "): grant get, list and watch on pods, namespaces, nodes, replicasets and jobs";
    }
    return String.valueOf(e.getMessage() == null ? e : e.getMessage());
  }

  private boolean pause(Duration wait) {
    try {
      return !closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }
}
